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

/**
 * A request's body as it comes: what lies in the socket together is one piece, however small the chunks that it was
 * sent in. Nothing is read ahead of whoever takes the pieces, and the time that he takes does not count against the
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
    while (!raw.readableEnded) {
      const piece: Buffer | null = raw.read()
      if (piece !== null) {
        received += piece.length
        yield piece
        continue
      }
      const began = performance.now()
      const came = await arrivals.next(pace.windowMs - waited)
      waited += performance.now() - began
      if (came && waited < pace.windowMs) continue
      if (received < pace.bytes && !raw.readableEnded) {
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
  /** Whether there is something to read, or the end, within so many ms. */
  next(ms: number): Promise<boolean>
  stop(): void
}

/** Listens once for the whole body: to begin and end listening for each piece takes longer than to read it. */
function watchArrivals(raw: IncomingMessage): Arrivals {
  let wake = () => {}
  const told = () => wake()
  const events = ['readable', 'end', 'close', 'error']
  for (const event of events) raw.on(event, told)
  return {
    async next(ms) {
      const { promise, resolve } = Promise.withResolvers<boolean>()
      wake = () => resolve(true)
      const timer = setTimeout(resolve, ms, false)
      const came = raw.destroyed || (await promise)
      clearTimeout(timer)
      if (raw.destroyed && !raw.readableEnded)
        throw new HttpProblem('invalid_multipart', 'the form ended before it was complete')
      return came
    },
    stop() {
      for (const event of events) raw.off(event, told)
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
