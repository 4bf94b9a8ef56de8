import { once } from 'node:events'
import type { OutgoingHttpHeaders, ServerResponse } from 'node:http'
import type { FastifyReply } from 'fastify'
import { base64Pieces } from '../base64-pieces.ts'

/** Between two signs of life. */
const beatMs = 15_000

/**
 * A stream of Server-Sent Events whose pictures are as large as they are: it waits for its reader, and for nothing
 * else.
 */
export interface PictureStream {
  /** Sends what `data` says, with a picture in base64 as its `b64_json`. Events come in the order of the calls. */
  send(data: Record<string, unknown> & { type: string }, picture: Uint8Array): Promise<void>
  fail(body: unknown): Promise<void>
  end(): Promise<void>
}

/** Takes the reply over. */
export function openPictureStream(reply: FastifyReply): PictureStream {
  reply.hijack()
  const { raw } = reply
  raw.writeHead(200, {
    ...(reply.getHeaders() as OutgoingHttpHeaders),
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    // Proxies that buffer answers would hold events back.
    'x-accel-buffering': 'no',
  })
  let last = Promise.resolve()
  const inOrder = (write: () => Promise<void>) => {
    last = last.then(write)
    return last
  }
  const beating = setInterval(() => void inOrder(() => writeTo(raw, ':\n\n')), beatMs)
  raw.once('close', () => clearInterval(beating))
  return {
    send: (data, picture) =>
      inOrder(async () => {
        await writeTo(raw, `event: ${data.type}\ndata: ${JSON.stringify(data).slice(0, -1)},"b64_json":"`)
        for (const piece of base64Pieces(picture)) await writeTo(raw, piece)
        await writeTo(raw, '"}\n\n')
      }),
    fail: (body) => inOrder(() => writeTo(raw, `event: error\ndata: ${JSON.stringify(body)}\n\n`)),
    end: () =>
      inOrder(async () => {
        clearInterval(beating)
        raw.end()
      }),
  }
}

async function writeTo(raw: ServerResponse, text: string): Promise<void> {
  if (raw.destroyed || raw.writableEnded || raw.write(text)) return
  await Promise.race([once(raw, 'drain'), once(raw, 'close')])
}
