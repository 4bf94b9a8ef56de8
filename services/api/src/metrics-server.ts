import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { Metrics } from './metrics.ts'

/** `/metrics` on a port of its own, which need not be reachable from where clients are. */
export async function serveMetrics(metrics: Metrics, host: string, port: number): Promise<Server> {
  const server = createServer(async (request, answer) => {
    if (request.url?.split('?')[0] !== '/metrics') return answer.writeHead(404).end()
    const text = await metrics.scrape()
    return answer.writeHead(200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' }).end(text)
  })
  server.listen(port, host)
  await once(server, 'listening')
  return server
}
