import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { hostnameOf } from '@pentimento/contracts'
import type { Deps } from './deps.ts'
import { serveInLine } from './http/serve-in-line.ts'
import { servesHost } from './http/served-names.ts'
import type { Metrics } from './metrics.ts'

/**
 * `/metrics` on a port of its own, which need not be reachable from where clients are, under the names that the api
 * answers to.
 */
export async function serveMetrics(
  metrics: Metrics,
  deps: Pick<Deps, 'auth' | 'host' | 'publicUrl'>,
  port: number,
): Promise<Server> {
  const serves = servesHost(deps)
  const server = createServer(
    serveInLine(async (request, answer) => {
      const { host } = request.headers
      if (host !== undefined && !serves(hostnameOf(host) ?? '')) return answer.writeHead(421).end()
      if (request.url?.split('?')[0] !== '/metrics') return answer.writeHead(404).end()
      const text = await metrics.scrape()
      return answer.writeHead(200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' }).end(text)
    }),
  )
  server.listen(port, deps.host)
  await once(server, 'listening')
  return server
}
