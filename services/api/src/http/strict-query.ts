import { z } from 'zod'
import type { App } from '../deps.ts'
import { HttpProblem } from './problem.ts'

const none = z.strictObject({})

/**
 * Routes that declare no query parameters refuse all: a filter or a wish that is silently ignored would mislead. So
 * would one that is read as another: escapes that are no UTF-8 are refused too. Probes may be asked with any. To be
 * called before the routes.
 */
export function refuseUnknownQueries(app: App): void {
  app.addHook('onRoute', (route) => {
    if (route.url.startsWith('/v1/') && route.schema?.querystring === undefined) {
      route.schema = { ...route.schema, querystring: none }
    }
  })
  app.addHook('onRequest', async ({ url }) => {
    if (!url.startsWith('/v1/') || isDecodable(url)) return
    throw new HttpProblem('invalid_request', 'the query cannot be read: after each % it needs the hex digits of UTF-8')
  })
}

/** The path was decoded by the router. */
function isDecodable(url: string): boolean {
  const query = url.slice(url.indexOf('?') + 1)
  try {
    decodeURIComponent(query)
    return true
  } catch {
    return false
  }
}
