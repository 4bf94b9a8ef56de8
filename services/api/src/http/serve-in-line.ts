import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/**
 * What one connection may have sent ahead of its answers. HTTP's clients send nothing; those that pipeline, a handful
 * of requests.
 */
const ahead = { requests: 64, headCharacters: 32_000 }

/** Is told of every request whose answer has begun or ended. */
export interface Watcher {
  began(socket: Socket, response: ServerResponse): void
  ended(socket: Socket): void
}

interface Line {
  busy: boolean
  waiting: (() => void)[]
  /** Of the heads of those that wait. */
  characters: number
}

/**
 * Serves the requests of one connection one after another, as their answers have to leave: Node would begin all that a
 * client pipelines at once, and hold the answers that it does not read. A connection that sends too much ahead is cut.
 */
export function serveInLine(serve: RequestListener, watchers: readonly Watcher[] = []): RequestListener {
  const lines = new WeakMap<Socket, Line>()

  return (request, response) => {
    const { socket } = request
    // What was parsed before the connection was cut.
    if (socket.destroyed) return
    const line = lines.get(socket) ?? { busy: false, waiting: [], characters: 0 }
    lines.set(socket, line)
    const begin = () => {
      if (socket.destroyed) return
      line.busy = true
      for (const watcher of watchers) watcher.began(socket, response)
      response.once('close', end)
      serve(request, response)
    }
    const end = () => {
      line.busy = false
      for (const watcher of watchers) watcher.ended(socket)
      line.waiting.shift()?.()
    }
    if (!line.busy) return begin()
    const characters = headCharacters(request)
    line.characters += characters
    line.waiting.push(() => {
      line.characters -= characters
      begin()
    })
    if (line.waiting.length > ahead.requests || line.characters > ahead.headCharacters) cut(socket)
  }
}

/** As Node's HTTP server hangs it on a connection. */
interface Parsed {
  parser?: { onIncoming: () => number } | null
}

/** Has the parser leave the rest of its packet, as after an upgrade (llhttp, `on_headers_complete`). */
const stopParsing = () => 2

/**
 * One packet can hold over a thousand requests. Node would parse those that are left, and make an error for each that
 * it had parsed, whose stacks, which nobody sees, would take most of the time.
 */
function cut(socket: Socket & Parsed): void {
  if (socket.parser) socket.parser.onIncoming = stopParsing
  const { stackTraceLimit } = Error
  socket.prependOnceListener('close', () => {
    Error.stackTraceLimit = 0
  })
  socket.once('close', () => {
    Error.stackTraceLimit = stackTraceLimit
  })
  socket.destroy()
}

function headCharacters({ url = '', rawHeaders }: IncomingMessage): number {
  return rawHeaders.reduce((sum, text) => sum + text.length, url.length)
}
