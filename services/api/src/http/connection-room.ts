import type { Server } from 'node:http'
import type { Socket } from 'node:net'
import type { Watcher } from './serve-in-line.ts'

/** Connections of all clients together. An idle one takes some 10 kB. */
const total = 10_000
/** Of one address, which may be a proxy that carries those of many clients. */
const perAddress = 5000

interface Group {
  all: Set<Socket>
  /** On which no request is being served, those first that have been so for longest. */
  idle: Set<Socket>
}

/**
 * Bounds the connections of an address, and all. Where there are too many, the one that has been idle for longest makes
 * way, so that a client that holds many keeps nobody else out, not even behind the same address; while requests are
 * served on all of them, the newest is cut.
 */
export function createConnectionRoom(limits = { total, perAddress }): Watcher & { watch(server: Server): void } {
  const everyone: Group = { all: new Set(), idle: new Set() }
  const addresses = new Map<string, Group>()
  const groups = new WeakMap<Socket, Group[]>()

  function makeRoom({ all, idle }: Group, most: number): void {
    if (all.size <= most) return
    const [longest] = idle
    longest?.destroy()
    if (longest) leave(longest)
  }

  function enter(socket: Socket): void {
    const address = socket.remoteAddress ?? ''
    const own = addresses.get(address) ?? { all: new Set(), idle: new Set() }
    addresses.set(address, own)
    groups.set(socket, [own, everyone])
    for (const { all, idle } of [own, everyone]) {
      all.add(socket)
      idle.add(socket)
    }
    socket.once('close', () => {
      leave(socket)
      if (own.all.size === 0 && addresses.get(address) === own) addresses.delete(address)
    })
    makeRoom(own, limits.perAddress)
    makeRoom(everyone, limits.total)
  }

  function leave(socket: Socket): void {
    for (const { all, idle } of groups.get(socket) ?? []) {
      all.delete(socket)
      idle.delete(socket)
    }
  }

  return {
    watch: (server) => server.on('connection', enter),
    began(socket) {
      for (const { idle } of groups.get(socket) ?? []) idle.delete(socket)
    },
    ended(socket) {
      for (const { all, idle } of groups.get(socket) ?? []) if (all.has(socket)) idle.add(socket)
    },
  }
}
