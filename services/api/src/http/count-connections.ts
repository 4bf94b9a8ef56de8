import type { Server } from 'node:http'

/** Connections of all clients together. An idle one takes some 10 kB. */
const total = 10_000
/** Of one address, which may be a proxy that carries those of many clients. */
const perAddress = 2000

/** Cuts the connections of an address that has too many, so that there is room for those of others. */
export function countConnections(server: Server, limits = { total, perAddress }): void {
  const counts = new Map<string, number>()
  server.maxConnections = limits.total
  server.on('connection', (socket) => {
    const address = socket.remoteAddress ?? ''
    const count = (counts.get(address) ?? 0) + 1
    counts.set(address, count)
    socket.once('close', () => {
      const rest = (counts.get(address) ?? 1) - 1
      if (rest === 0) counts.delete(address)
      else counts.set(address, rest)
    })
    if (count > limits.perAddress) socket.destroy()
  })
}
