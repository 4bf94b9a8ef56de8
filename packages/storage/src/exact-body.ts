import { Readable } from 'node:stream'
import { StorageUnavailable } from './errors.ts'
import type { StoredObject } from './object-store.ts'

/** A source of bytes that can be told to stop. */
export interface Chunks {
  next(): Promise<Uint8Array | null>
  close(): Promise<void> | void
}

/**
 * A stream that ends well only after exactly `length` bytes, and fails with `StorageUnavailable` when the source ends
 * early, gives more, fails, or keeps a read waiting longer than `idleMs`. A slow reader is not a slow source: time
 * counts only while a read is pending.
 */
export function exactBody(key: string, length: number, idleMs: number, source: Chunks): Readable {
  let seen = 0
  const fail = (cause: unknown) => new StorageUnavailable(`read ${key}`, cause)
  return new Readable({
    highWaterMark: 256 * 1024,
    read() {
      pull(source, idleMs).then(
        (chunk) => {
          if (chunk === null) {
            if (seen === length) this.push(null)
            else this.destroy(fail(new Error(`the body ended after ${seen} of ${length} bytes`)))
            return
          }
          seen += chunk.byteLength
          if (seen > length) this.destroy(fail(new Error(`the body has more than ${length} bytes`)))
          else this.push(chunk)
        },
        (cause: unknown) => this.destroy(fail(cause)),
      )
    },
    destroy(error, done) {
      Promise.resolve(source.close()).then(
        () => done(error),
        () => done(error),
      )
    },
  })
}

async function pull(source: Chunks, idleMs: number): Promise<Uint8Array | null> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no bytes for ${idleMs} ms`)), idleMs)
  })
  try {
    let chunk = await Promise.race([source.next(), late])
    // An empty chunk would end neither the read nor the stream.
    while (chunk?.byteLength === 0) chunk = await Promise.race([source.next(), late])
    return chunk
  } finally {
    clearTimeout(timer)
  }
}

/** All bytes that an object's body carries, in one buffer. `ms`: the longest time, plus a second per megabyte. */
export async function readWhole(object: StoredObject, ms: number): Promise<Uint8Array> {
  const { key, body, size, range } = object
  const bytes = new Uint8Array(range === null ? size : range.end + 1 - range.start)
  const late = () => body.destroy(new StorageUnavailable(`read ${key}`, new Error('the body came too slowly')))
  const timer = setTimeout(late, ms + bytes.length / 1000)
  try {
    let offset = 0
    for await (const chunk of body as AsyncIterable<Uint8Array>) {
      bytes.set(chunk, offset)
      offset += chunk.byteLength
    }
    return bytes
  } finally {
    clearTimeout(timer)
  }
}
