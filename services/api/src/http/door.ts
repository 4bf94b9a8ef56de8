import type { Socket } from 'node:net'

/** How many that wait come in in one pass of the event loop; while others still come, next to none. */
const inPass = { usually: 16, whileComing: 2 }
/** Beyond it they come in at once, where they are counted and bounded. */
const mostWaiting = 2048

/**
 * Lets new connections in a few at a time, the one that came last and the one that waits for longest by turns. All that
 * connect together would be read and answered in one pass of the event loop, in which nobody else comes in; whoever
 * comes alone behind a thousand does not wait for them.
 *
 * @param letIn takes a connection that nothing was read of
 * @returns to be told of each that comes, paused
 */
export function createDoor(letIn: (socket: Socket) => void): (socket: Socket) => void {
  const waiting: Socket[] = []
  let came = false
  let planned = false
  let lastIsNext = true

  function plan(): void {
    if (planned || waiting.length === 0) return
    planned = true
    setImmediate(pass)
  }

  function pass(): void {
    planned = false
    const count = Math.max(came ? inPass.whileComing : inPass.usually, waiting.length - mostWaiting)
    came = false
    for (let i = 0; i < count && waiting.length > 0; i++) {
      const socket = lastIsNext ? waiting.pop() : waiting.shift()
      lastIsNext = !lastIsNext
      if (socket) letIn(socket)
    }
    plan()
  }

  return (socket) => {
    waiting.push(socket)
    came = true
    plan()
  }
}
