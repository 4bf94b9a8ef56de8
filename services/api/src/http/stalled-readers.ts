import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Watcher } from './serve-in-line.ts'

interface Patience {
  /** A connection on which nothing moves for so long is cut, in ms. */
  stillMs: number
  /** The same while an answer waits to be read. */
  stalledMs: number
  /** How often answers are looked at, in ms. */
  everyMs: number
}

/**
 * A connection is given less time while its client does not read what it asked for, which takes memory, than while
 * there is nothing to read.
 */
export function watchStalledReaders({ stillMs, stalledMs, everyMs }: Patience): Watcher & { stop(): void } {
  const answers = new Map<Socket, ServerResponse>()
  const stalled = new WeakSet<Socket>()

  function allow(socket: Socket, isStalled: boolean): void {
    // Setting the time anew would begin it anew.
    if (isStalled === stalled.has(socket)) return
    if (isStalled) stalled.add(socket)
    else stalled.delete(socket)
    socket.setTimeout(isStalled ? stalledMs : stillMs)
  }

  const looking = setInterval(() => {
    for (const [socket, response] of answers) allow(socket, response.writableEnded || response.writableNeedDrain)
  }, everyMs).unref()

  return {
    began: (socket, response) => answers.set(socket, response),
    ended(socket) {
      answers.delete(socket)
      allow(socket, false)
    },
    stop: () => clearInterval(looking),
  }
}
