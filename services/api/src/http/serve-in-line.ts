import type { RequestListener } from 'node:http'
import type { Socket } from 'node:net'

/** Requests that one connection may have sent ahead of their answers. HTTP's clients send none; those that pipeline, a handful. */
const ahead = 64

interface Line {
  busy: boolean
  waiting: (() => void)[]
}

/**
 * Serves the requests of one connection one after another, as their answers have to leave: Node would begin all that a client pipelines at once, and hold
 * the answers that it does not read. A connection that sends too many ahead is cut.
 */
export function serveInLine(serve: RequestListener): RequestListener {
  const lines = new WeakMap<Socket, Line>()

  function next(line: Line): void {
    line.busy = false
    line.waiting.shift()?.()
  }

  return (request, response) => {
    const { socket } = request
    // What was parsed before the connection was cut.
    if (socket.destroyed) return
    const line = lines.get(socket) ?? { busy: false, waiting: [] }
    lines.set(socket, line)
    const begin = () => {
      if (socket.destroyed) return
      line.busy = true
      response.once('close', () => next(line))
      serve(request, response)
    }
    if (!line.busy) begin()
    else if (line.waiting.length < ahead) line.waiting.push(begin)
    else socket.destroy()
  }
}
