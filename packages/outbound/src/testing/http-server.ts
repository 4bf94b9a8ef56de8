import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface TestServer {
  port: number
  /** Requests that arrived. */
  hits: string[]
  close(): Promise<void>
}

/** A web server on a loopback address that counts what reaches it. */
export async function startServer(answer: RequestListener, { host = '127.0.0.1', port = 0 } = {}): Promise<TestServer> {
  const hits: string[] = []
  const server = createServer((request, response) => {
    hits.push(`${request.method} ${request.url}`)
    answer(request, response)
  })
  server.listen(port, host)
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    hits,
    close: async () => {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}
