import { once } from 'node:events'
import { type AddressInfo, createServer, type Server } from 'node:net'
import type { App } from '../deps.ts'
import { createDoor } from './door.ts'

/**
 * Beyond it the system drops a client's first packet, which comes again after 1, 3 and 7 s: with Node's 511, a burst of
 * one client delays all others so.
 */
const connectionsInWait = 4096
const sockets = 64

/**
 * Listens at one address through several sockets, among which Linux divides those who connect (SO_REUSEPORT): Node
 * takes one new connection of each in a pass of the event loop, so that whoever comes behind a burst of thousands waits
 * a small part of the time. Elsewhere it is one socket.
 *
 * @returns what stops listening, and ends when all that was under way has
 * @throws as `server.listen` does, EADDRINUSE also where the other one would share the address
 */
export async function listen(
  app: Pick<App, 'listen' | 'close' | 'server'>,
  { host, port }: { host: string; port: number },
): Promise<() => Promise<void>> {
  const reusePort = process.platform === 'linux'
  const options = { host, backlog: connectionsInWait, reusePort }
  if (reusePort) await assertUnused(host, port)
  await app.listen({ ...options, port })
  const taken = (app.server.address() as AddressInfo).port
  const comeIn = createDoor((socket) => {
    app.server.emit('connection', socket)
    socket.resume()
  })
  const others = Array.from({ length: reusePort ? sockets - 1 : 0 }, () =>
    // As node:http has its own, but for the pause.
    createServer({ allowHalfOpen: true, noDelay: true, pauseOnConnect: true }, comeIn),
  )
  await Promise.all(others.map((other) => once(other.listen({ ...options, port: taken }), 'listening')))
  return async () => {
    await Promise.all([...others.map(closed), app.close()])
  }
}

/** A second service of the same user could listen beside the first, and each would get a part of the requests. */
async function assertUnused(host: string, port: number): Promise<void> {
  const probe = createServer()
  await once(probe.listen({ host, port }), 'listening')
  await closed(probe)
}

function closed(server: Server): Promise<unknown> {
  const end = once(server, 'close')
  server.close()
  return end
}
