import type { IncomingHttpHeaders } from 'node:http'
import { noTracing, type Span } from '@pentimento/tracing'
import type { App, Deps } from '../deps.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** The request's own span: what is done for it goes below. */
    span: Span
  }
}

const PROBES = ['/livez', '/readyz']

/** A span for every request but the probes, below the caller's own if it names one. */
export function registerTracing(app: App, { tracing }: Pick<Deps, 'tracing'>): void {
  app.decorateRequest('span')
  app.addHook('onRequest', async (request) => {
    const { method, routeOptions, headers } = request
    const route = routeOptions.url ?? 'none'
    request.span = (PROBES.includes(route) ? noTracing : tracing).start(`${method} ${route}`, {
      parent: traceparent(headers),
      kind: 'server',
      attributes: { 'http.request.method': method, 'http.route': route, 'request.id': request.id },
    })
  })
  app.addHook('onResponse', async (request, { statusCode }) => {
    // A request whose URL cannot be read reaches no hook before this one.
    const span: Span | undefined = request.span
    if (!span) return
    span.set({ 'http.response.status_code': statusCode })
    span.end(statusCode >= 500 ? { error: `answered ${statusCode}` } : {})
  })
}

/** A W3C trace context that may be passed on, or null. */
export function traceparent(headers: IncomingHttpHeaders): string | null {
  const given = headers.traceparent
  return typeof given === 'string' && /^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/.test(given) ? given : null
}
