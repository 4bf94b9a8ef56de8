import { once } from 'node:events'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface PathProxy {
  /** Its own origin with the path. */
  url: string
  /** Where it sends what is below the path. */
  backend: string
  close(): void
}

/**
 * A proxy that knows one path and nothing beside it. `strip`: takes it off, and names the backend as the host, as nginx
 * does when told no better.
 */
export async function startPathProxy(path: string, strip: boolean): Promise<PathProxy> {
  const proxy: PathProxy = { url: '', backend: '', close: () => {} }
  const server = createServer((incoming, answer) => {
    const { method, url = '/' } = incoming
    const below = url.startsWith(path) ? url.slice(path.length) : null
    if (below === null || !/^([/?]|$)/.test(below)) return answer.writeHead(404).end('"outside the path"')
    const target = strip ? below.replace(/^(?!\/)/, '/') : url
    const headers = strip ? { ...incoming.headers, host: new URL(proxy.backend).host } : incoming.headers
    const onward = request(`${proxy.backend}${target}`, { method, headers }, (back) => {
      answer.writeHead(back.statusCode ?? 502, back.headers)
      back.pipe(answer)
    })
    onward.on('error', () => answer.destroy())
    // What nobody reads any more would hold the backend's end up.
    answer.on('close', () => onward.destroy())
    return incoming.pipe(onward)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  proxy.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`
  proxy.close = () => {
    server.closeAllConnections()
    server.close()
  }
  return proxy
}
