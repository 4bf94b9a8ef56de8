import { Readable } from 'node:stream'
import { setImmediate as turn } from 'node:timers/promises'

const sliceBytes = 64 * 1024

/** Bytes as a stream that passes on a little in each turn of the event loop: megabytes at once, for many clients, would keep the loop from others. */
export function inSlices(bytes: Buffer): Readable {
  return Readable.from(slices(bytes), { objectMode: false })
}

async function* slices(bytes: Buffer): AsyncGenerator<Buffer> {
  for (let start = 0; start < bytes.length; start += sliceBytes) {
    yield bytes.subarray(start, start + sliceBytes)
    await turn()
  }
}
