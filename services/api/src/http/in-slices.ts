import { Readable } from 'node:stream'
import { inTurn } from './loop-turns.ts'

const sliceBytes = 64 * 1024

/**
 * Bytes as a stream that passes on a little in turn with all other slices: megabytes at once, for many clients, would
 * keep the event loop from others.
 */
export function inSlices(bytes: Buffer): Readable {
  return Readable.from(slices(bytes), { objectMode: false })
}

async function* slices(bytes: Buffer): AsyncGenerator<Buffer> {
  for (let start = 0; start < bytes.length; start += sliceBytes) {
    yield bytes.subarray(start, start + sliceBytes)
    await new Promise<void>((resolve) => inTurn('slices', resolve))
  }
}
