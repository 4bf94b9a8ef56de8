import type { App, Deps } from '../deps.ts'

/**
 * Times every request by the pattern of its route, so that ids do not become labels. Streams and waits count from head
 * to end.
 */
export function registerMeasuring(app: App, { metrics }: Deps): void {
  app.addHook('onResponse', async ({ method, routeOptions }, reply) => {
    const labels = { method, route: routeOptions.url ?? 'none', status: String(reply.statusCode) }
    metrics.requestSeconds.observe(labels, reply.elapsedTime / 1000)
  })
}
