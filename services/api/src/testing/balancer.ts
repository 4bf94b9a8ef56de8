import { once } from 'node:events'
import { Agent, createServer, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { isReady } from './api-process.ts'

/** A proxy that sends each request to the next backend whose `/readyz` was well at the last look, as balancers do. */
export async function startBalancer(backends: string[], lookMs: number): Promise<{ url: string; close(): void }> {
  const agent = new Agent({ keepAlive: true })
  const ready = new Set(backends)
  let turn = 0
  const looking = setInterval(() => {
    for (const backend of backends) {
      void isReady(backend).then((well) => (well ? ready.add(backend) : ready.delete(backend)))
    }
  }, lookMs)
  const server: Server = createServer((incoming, answer) => {
    const list = [...ready]
    const backend = list[turn++ % list.length]
    if (backend === undefined) return answer.writeHead(502).end('"no backend is ready"')
    const { method, headers, url } = incoming
    const onward = request(`${backend}${url}`, { method, headers, agent }, (back) => {
      answer.writeHead(back.statusCode ?? 502, back.headers)
      back.pipe(answer)
    })
    onward.on('error', (error) => answer.writeHead(502).end(JSON.stringify(String(error))))
    return incoming.pipe(onward)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      clearInterval(looking)
      server.closeAllConnections()
      server.close()
      agent.destroy()
    },
  }
}
