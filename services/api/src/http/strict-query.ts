import { z } from 'zod'
import type { App } from '../deps.ts'

const none = z.strictObject({})

/** Routes that declare no query parameters refuse all: a filter or a wish that is silently ignored would mislead. Probes may be asked with any. To be called before the routes. */
export function refuseUnknownQueries(app: App): void {
  app.addHook('onRoute', (route) => {
    if (route.url.startsWith('/v1/') && route.schema?.querystring === undefined) {
      route.schema = { ...route.schema, querystring: none }
    }
  })
}
