import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { hostnameOf, isLoopbackHost, isLoopbackName } from '@pentimento/contracts'

export interface Readiness {
  ready: boolean
  /** For people and probes: what is up and what is still missing. */
  detail: Record<string, unknown>
}

export interface HealthServer {
  port: number
  close(): Promise<void>
}

/**
 * `/livez` answers as long as this process turns its loop; `/readyz` answers 200 when the worker can take a job and
 * 503, with the reason, when it cannot; `/metrics` has the worker's figures in Prometheus' text format. On loopback it
 * answers to loopback names alone.
 */
export async function startHealthServer(
  address: { host: string; port: number },
  readiness: () => Readiness,
  scrape: () => Promise<string>,
): Promise<HealthServer> {
  const ownNamesOnly = isLoopbackHost(address.host)
  const server = createServer((request, response) => {
    const send = (status: number, body: unknown) => {
      response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
      response.end(request.method === 'HEAD' ? undefined : JSON.stringify(body))
    }
    // A page whose name was made to lead here reads nothing.
    if (ownNamesOnly && !isLoopbackName(hostnameOf(request.headers.host ?? 'localhost') ?? ''))
      return send(421, { error: 'on loopback there are only loopback names, such as localhost' })
    if (request.method !== 'GET' && request.method !== 'HEAD') return send(405, { error: 'GET only' })
    const path = request.url?.split('?')[0]
    if (path === '/livez') return send(200, { status: 'alive' })
    if (path === '/readyz') {
      const { ready, detail } = readiness()
      return send(ready ? 200 : 503, { status: ready ? 'ready' : 'not ready', ...detail })
    }
    if (path === '/metrics') {
      scrape().then(
        (text) => {
          response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' })
          response.end(request.method === 'HEAD' ? undefined : text)
        },
        () => send(500, { error: 'the figures could not be read' }),
      )
      return
    }
    return send(404, { error: 'there is only /livez, /readyz and /metrics' })
  })
  server.requestTimeout = 5000
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(address.port, address.host, resolve)
  })
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
