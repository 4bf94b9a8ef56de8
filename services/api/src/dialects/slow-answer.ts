import type { OutgoingHttpHeaders, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import type { FastifyReply } from 'fastify'

/** JSON in pieces: pictures in it are passed on as they are written. */
export type JsonPieces = AsyncIterable<string>

const jsonType = 'application/json; charset=utf-8'

/** Between two signs of life. */
const beatMs = 15_000

/**
 * Answers with JSON that takes its time. After `patienceMs` it begins with blanks, which every reader of JSON skips, so
 * that no hop on the way gives the connection up; an error that comes later is then told under the status 200.
 */
export async function answerSlowly(
  reply: FastifyReply,
  patienceMs: number,
  work: Promise<JsonPieces>,
): Promise<FastifyReply> {
  const { raw } = reply
  let beating: NodeJS.Timeout | undefined
  const beat = () => raw.write(' ')
  const starting = setTimeout(() => {
    reply.hijack()
    raw.writeHead(200, { ...(reply.getHeaders() as OutgoingHttpHeaders), 'content-type': jsonType })
    beat()
    beating = setInterval(beat, beatMs)
  }, patienceMs)
  const stop = () => {
    clearTimeout(starting)
    clearInterval(beating)
  }
  raw.once('close', stop)
  const pieces = await work.finally(stop).catch((error: unknown) => {
    if (!raw.headersSent) throw error
    return only(JSON.stringify(reply.errorAnswer(error).body))
  })
  if (!raw.headersSent) return sendPieces(reply, pieces)
  // What breaks in the middle of an answer can only be told by its end.
  await writeAll(raw, pieces).catch((error) => {
    reply.errorAnswer(error)
    raw.destroy()
  })
  return reply
}

/** Answers with JSON as it is written. */
export function sendPieces(reply: FastifyReply, pieces: JsonPieces): FastifyReply {
  return reply.type(jsonType).send(Readable.from(pieces, { objectMode: false }))
}

/** JSON of one piece. */
async function* only(text: string): JsonPieces {
  yield text
}

async function writeAll(raw: ServerResponse, pieces: JsonPieces): Promise<void> {
  for await (const piece of pieces) {
    if (raw.destroyed) return
    if (!raw.write(piece)) await drained(raw)
  }
  raw.end()
}

/** Resolves when there is room for more, or nobody is there any more. */
function drained(raw: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      raw.off('drain', done).off('close', done)
      resolve()
    }
    raw.on('drain', done).on('close', done)
  })
}
