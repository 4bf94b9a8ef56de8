import type { IncomingMessage } from 'node:http'
import { HttpProblem } from './problem.ts'

interface Pace {
  /** How long a sender may be waited for before it is judged, in ms. */
  windowMs: number
  /** What it must have sent by then. */
  bytes: number
}

/** 8 kB a second: a picture of 1 MB in two minutes. */
const slowest: Pace = { windowMs: 10_000, bytes: 80_000 }

/** Shorter ones that came together are joined: to hand a piece on costs more than to copy so little. */
const shortPiece = 4096

/**
 * A request's body as it comes, in pieces of some size, however small the chunks that it was sent in. No more is read
 * ahead of whoever takes the pieces than the socket holds, and the time that he takes does not count against the
 * sender.
 *
 * @throws HttpProblem `request_timeout` for a sender that is slower than `pace`; `invalid_multipart` for one that hangs
 * up
 */
export async function* bodyPieces(raw: IncomingMessage, pace: Pace = slowest): AsyncGenerator<Buffer> {
  const arrivals = watchArrivals(raw)
  let waited = 0
  let received = 0
  try {
    for (;;) {
      for (const piece of arrivals.take()) {
        received += piece.length
        yield piece
      }
      if (arrivals.ended()) return
      const began = performance.now()
      const came = await arrivals.next(pace.windowMs - waited)
      waited += performance.now() - began
      if (came && waited < pace.windowMs) continue
      if (received < pace.bytes && !arrivals.ended()) {
        const detail = `the body came slower than ${pace.bytes} bytes in ${pace.windowMs / 1000} seconds`
        throw new HttpProblem('request_timeout', detail, { headers: { connection: 'close' } })
      }
      waited = 0
      received = 0
    }
  } finally {
    arrivals.stop()
  }
}

interface Arrivals {
  /** What came since the last time. */
  take(): Buffer[]
  /** Whether nothing more will come. */
  ended(): boolean
  /** Whether something came, or the end, within so many ms. */
  next(ms: number): Promise<boolean>
  stop(): void
}

/**
 * Listens once for the whole body: to begin and end listening for each piece takes longer than to read it. Chunks are
 * taken as they come, since a stream that is asked for all it holds makes one copy of them, and each byte copied is
 * memory that only the next collection gives back.
 */
function watchArrivals(raw: IncomingMessage): Arrivals {
  let came: Buffer[] = []
  let size = 0
  let wake = () => {}
  const told = () => wake()
  const keep = (chunk: Buffer) => {
    came.push(chunk)
    size += chunk.length
    if (size >= raw.readableHighWaterMark) raw.pause()
    wake()
  }
  const ends = ['end', 'close', 'error']
  for (const event of ends) raw.on(event, told)
  raw.on('data', keep)
  return {
    take() {
      const taken = size < came.length * shortPiece ? [Buffer.concat(came, size)] : came
      came = []
      size = 0
      raw.resume()
      return taken
    },
    ended: () => raw.readableEnded && came.length === 0,
    async next(ms) {
      if (came.length > 0) return true
      const { promise, resolve } = Promise.withResolvers<boolean>()
      wake = () => resolve(true)
      const timer = setTimeout(resolve, ms, false)
      const inTime = raw.destroyed || (await promise)
      clearTimeout(timer)
      if (raw.destroyed && !raw.readableEnded)
        throw new HttpProblem('invalid_multipart', 'the form ended before it was complete')
      return inTime
    },
    stop() {
      for (const event of ends) raw.off(event, told)
      raw.off('data', keep)
      raw.pause()
    },
  }
}

/**
 * Reads on and drops what a refused client still sends, so that it gets to read the answer; one that sends far too much
 * is cut off.
 */
export function drain(raw: IncomingMessage, limit: number): void {
  let count = 0
  raw.on('error', () => {})
  raw.on('data', (chunk: Buffer) => {
    count += chunk.length
    if (count > limit) raw.destroy()
  })
  raw.resume()
}
