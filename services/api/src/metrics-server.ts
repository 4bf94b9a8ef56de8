import { once } from 'node:events'
import { createServer, type Server, type ServerResponse } from 'node:http'
import { hostnameOf } from '@pentimento/contracts'
import { backlogOf } from './backlog.ts'
import type { Deps } from './deps.ts'
import { serveInLine } from './http/serve-in-line.ts'
import { servesHost } from './http/served-names.ts'
import type { Metrics } from './metrics.ts'

/**
 * `/metrics`, and `/backlog?model=` for autoscalers, on a port of its own, which need not be reachable from where
 * clients are, under the names that the api answers to.
 */
export async function serveMetrics(
  metrics: Metrics,
  deps: Pick<Deps, 'auth' | 'host' | 'publicUrl' | 'state'>,
  port: number,
): Promise<Server> {
  const serves = servesHost(deps)
  const server = createServer(
    serveInLine(async (request, answer) => {
      const { host } = request.headers
      if (host !== undefined && !serves(hostnameOf(host) ?? '')) return answer.writeHead(421).end()
      const { pathname, searchParams } = new URL(request.url ?? '/', 'http://here')
      if (pathname === '/backlog') return answerBacklog(deps, searchParams.getAll('model'), answer)
      if (pathname !== '/metrics') return answer.writeHead(404).end()
      const text = await metrics.scrape()
      return answer.writeHead(200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' }).end(text)
    }),
  )
  server.listen(port, deps.host)
  await once(server, 'listening')
  return server
}

/** Anything but 200 makes an autoscaler leave the workers as they are. */
async function answerBacklog(
  { state }: Pick<Deps, 'state'>,
  models: string[],
  answer: ServerResponse,
): Promise<unknown> {
  const send = (status: number, body: object) =>
    answer.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  if (models.length === 0) return send(400, { error: 'say which: /backlog?model=ID, more than once for several' })
  try {
    const backlog = await backlogOf(state, models)
    if (!('unknown' in backlog)) return send(200, backlog)
    return send(404, { error: `no worker has ever announced ${backlog.unknown.join(', ')}` })
  } catch {
    return send(503, { error: 'Redis cannot be reached' })
  }
}
