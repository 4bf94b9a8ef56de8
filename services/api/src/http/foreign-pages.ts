import type { IncomingHttpHeaders } from 'node:http'
import { hostnameOf } from '@pentimento/contracts'
import type { App, Deps } from '../deps.ts'
import { checkHost } from './broken-request.ts'
import { HttpProblem } from './problem.ts'
import { misdirected, servesHost } from './served-names.ts'

const safeMethods = ['GET', 'HEAD', 'OPTIONS']

/**
 * Without keys, whoever reaches the port may do everything, and so could any page in a browser on this machine. Refuses
 * names that are not ours, and requests of pages of other origins that would change something, before a body is read.
 * Programs send neither Origin nor Sec-Fetch-Site.
 */
export function refuseForeignPages(app: App, deps: Pick<Deps, 'auth' | 'corsOrigins' | 'publicUrl' | 'host'>): void {
  const serves = servesHost(deps)
  app.addHook('onRequest', async ({ raw, method }) => {
    checkHost(raw)
    const { host } = raw.headers
    // Only HTTP/1.0 comes without, and no browser speaks it.
    if (host !== undefined) {
      const hostname = hostnameOf(host)
      if (hostname === null) throw new HttpProblem('invalid_request', 'the Host header names no host')
      if (!serves(hostname)) throw misdirected(hostname)
    }
    if (deps.auth === 'off' && !safeMethods.includes(method) && isForeign(raw.headers, deps)) throw foreignPage()
  })
}

/** Whether a page of another origin sent a request, as its browser tells; pages of `CORS_ORIGINS` count as ours. */
function isForeign(
  { origin, host, 'sec-fetch-site': site }: IncomingHttpHeaders,
  deps: Pick<Deps, 'corsOrigins' | 'publicUrl'>,
): boolean {
  if (origin !== undefined && deps.corsOrigins.includes(origin)) return false
  if (site === 'cross-site' || site === 'same-site') return true
  if (origin === undefined || origin === new URL(deps.publicUrl).origin) return false
  const url = URL.parse(origin)
  // `null` is the origin of files and of sandboxed frames. Behind a proxy that ends TLS the page's scheme is not ours.
  return url === null || host === undefined || url.host !== URL.parse(`${url.protocol}//${host}`)?.host
}

function foreignPage(): HttpProblem {
  return new HttpProblem(
    'foreign_page',
    'without keys this server takes no such request from a page of another origin: name the origin in CORS_ORIGINS, set PUBLIC_URL to the address of this server, or set AUTH=keys',
  )
}
