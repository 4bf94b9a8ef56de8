import type { OutgoingHttpHeaders } from 'node:http'
import type { FastifyReply } from 'fastify'

/** A reader this far behind gets no more of what may be missed, and is cut off when even the rest piles up. */
const slowBytes = 64 * 1024
const stuckBytes = 1024 * 1024

interface ServerEvent {
  event: string
  /** Written once, however many streams it is sent to. */
  data: object
  /** What the reader sends as Last-Event-ID when it comes back. */
  id?: string
}

/**
 * A stream of Server-Sent Events (WHATWG HTML, section 9.2) that never holds more than a little for a reader that does
 * not read.
 */
export interface EventStream {
  /** Sends an event that the reader must get. */
  send(event: ServerEvent): void
  /** Sends an event that a slow reader may miss. */
  offer(event: ServerEvent): void
  heartbeat(): void
  /** Ends the stream; with a delay in ms, the reader is asked to come back after it. */
  end(retryMs?: number): void
}

/** Takes the reply over and opens the stream. */
export function openEventStream(reply: FastifyReply): EventStream {
  reply.hijack()
  const { raw } = reply
  raw.writeHead(200, {
    ...(reply.getHeaders() as OutgoingHttpHeaders),
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    // Proxies that buffer answers would hold events back.
    'x-accel-buffering': 'no',
  })
  const write = (text: string | Buffer) => {
    if (raw.destroyed || raw.writableEnded) return
    raw.write(text)
    if (raw.writableLength > stuckBytes) raw.destroy()
  }
  return {
    send: (event) => write(frame(event)),
    offer: (event) => {
      if (raw.writableLength < slowBytes) write(frame(event))
    },
    heartbeat: () => write(':\n\n'),
    end: (retryMs) => {
      if (retryMs !== undefined) write(`retry: ${Math.round(retryMs)}\n\n`)
      raw.end()
    },
  }
}

const written = new WeakMap<object, Buffer>()

function frame({ event, data, id }: ServerEvent): Buffer {
  const known = written.get(data)
  if (known) return known
  const text = `event: ${event}\n${id === undefined ? '' : `id: ${id}\n`}data: ${JSON.stringify(data)}\n\n`
  const bytes = Buffer.from(text)
  written.set(data, bytes)
  return bytes
}
