import type { Readable } from 'node:stream'
import { OutboundError } from './outbound-error.ts'

/** Ends an answer whose body nobody wants; its connection goes with it. */
export function discard(body: Readable): void {
  // Destroying an unfinished body makes it emit an error.
  body.on('error', () => {}).destroy()
}

/**
 * All bytes of a body, or `too_large` as soon as it is known to have more than `maxBytes`.
 *
 * @param take waited for before so many more are kept; nothing is read meanwhile
 */
export async function readAtMost(
  body: Readable,
  maxBytes: number,
  declared: unknown,
  take: (bytes: number) => Promise<void>,
): Promise<Uint8Array> {
  if (Number(declared) > maxBytes) {
    discard(body)
    throw new OutboundError('too_large', `${declared} bytes declared, ${maxBytes} allowed`)
  }
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength
    // Leaving the loop destroys the body.
    if (size > maxBytes) throw new OutboundError('too_large', `more than ${maxBytes} bytes`)
    await take(chunk.byteLength)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks, size)
}

/**
 * The first bytes of a body as text; the rest is not waited for. A body that breaks off, or is too slow, ends there.
 */
export async function readFirst(body: Readable, keepBytes: number): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  try {
    for await (const chunk of body as AsyncIterable<Uint8Array>) {
      chunks.push(chunk)
      size += chunk.byteLength
      if (size >= keepBytes) break
    }
  } catch {
    // Broken off or out of time: the status has come, and that is what counts.
  }
  return Buffer.concat(chunks, size).subarray(0, keepBytes).toString('utf8')
}
