import type { IncomingMessage } from 'node:http'
import { SettingsError } from '@pentimento/contracts'
import type { App } from '../deps.ts'

/** The path that clients have before every route, without a slash at its end: empty, or as in `/pentimento`. */
export function publicPath(publicUrl: string): string {
  return new URL(publicUrl).pathname.replace(/\/$/, '')
}

/**
 * Takes the path of PUBLIC_URL off a request's target, for proxies that leave it there; those that take it off, and
 * whoever asks directly, come without.
 */
export function stripPublicPath(publicUrl: string): (request: IncomingMessage) => string {
  const path = publicPath(publicUrl)
  return ({ url = '/' }) => {
    if (path === '' || !url.startsWith(path)) return url
    const rest = url.slice(path.length)
    if (rest === '' || rest.startsWith('?')) return `/${rest}`
    return rest.startsWith('/') ? rest : url
  }
}

/**
 * Looks at every route that is registered from now on. To be called before the routes; what it returns after them.
 *
 * @throws SettingsError when a path of the api begins as the path of PUBLIC_URL does: nobody could tell which is meant
 */
export function watchPaths(app: Pick<App, 'addHook'>): (publicUrl: string) => void {
  const taken = new Set<string | undefined>()
  app.addHook('onRoute', ({ url }) => void taken.add(url.split('/')[1]))
  return (publicUrl) => {
    const first = publicPath(publicUrl).split('/')[1]
    if (first === undefined || !taken.has(first)) return
    throw new SettingsError(`PUBLIC_URL: its path must not begin with /${first}, which is a path of the api itself`)
  }
}
