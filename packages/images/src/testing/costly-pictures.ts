import { deflateSync } from 'node:zlib'
import { pngChunk, pngSignature } from '../png-chunks.ts'

/** Small files that cost a decoder far more than their size or their pixels say. */

/**
 * A grey progressive JPEG of `scans` scans, at most 883: one for the constant parts, then each of the 63 coefficients
 * refined bit by bit from its 14th. Every scan passes over all blocks and finds nothing in them, in a code whose only
 * word says “the next 16,384 blocks and more are empty”.
 */
export function manyScans(width: number, height: number, scans: number): Buffer {
  const blocks = Math.ceil(width / 8) * Math.ceil(height / 8)
  const segment = (code: number, ...data: number[]) => {
    const length = data.length + 2
    return Buffer.from([0xff, code, length >> 8, length & 255, ...data])
  }
  const oneWordCode = (kind: number, word: number) => segment(0xc4, kind << 4, 1, ...Array(15).fill(0), word)
  const scan = (from: number, high: number, low: number) => segment(0xda, 1, 1, 0, from, from, (high << 4) | low)
  const empty = emptyBlocks(blocks)
  const refinements = Array.from({ length: scans - 1 }, (_, n) => {
    const low = 13 - (n % 14)
    return Buffer.concat([scan(1 + Math.floor(n / 14), low === 13 ? 0 : low + 1, low), empty])
  })
  return Buffer.concat([
    Buffer.from([0xff, 0xd8]),
    segment(0xdb, 0, ...Array(64).fill(1)),
    segment(0xc2, 8, height >> 8, height & 255, width >> 8, width & 255, 1, 1, 0x11, 0),
    oneWordCode(0, 0),
    oneWordCode(1, 0xe0),
    scan(0, 0, 0),
    Buffer.alloc(Math.ceil(blocks / 8)),
    ...refinements,
    Buffer.from([0xff, 0xd9]),
  ])
}

/** Runs of 16,384 to 32,767 empty blocks: the code's only word, a 0, and 14 bits of how many more. */
function emptyBlocks(blocks: number): Buffer {
  let bits = ''
  for (let left = blocks; left > 0; ) {
    const more = Math.max(0, Math.min(left - 16_384, 16_383))
    bits += `0${more.toString(2).padStart(14, '0')}`
    left -= 16_384 + more
  }
  const bytes = bits.match(/.{1,8}/g)?.map((byte) => Number.parseInt(byte.padEnd(8, '1'), 2)) ?? []
  return Buffer.from(bytes.flatMap((byte) => (byte === 0xff ? [0xff, 0] : [byte])))
}

/** A black PNG of one byte a sample; `channels` 4 is transparent. */
export function plainPng(width: number, height: number, channels: 1 | 3 | 4, chunks: readonly Buffer[] = []): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header[8] = 8
  header[9] = { 1: 0, 3: 2, 4: 6 }[channels]
  const pixels = deflateSync(Buffer.alloc((width * channels + 1) * height))
  const end = pngChunk('IEND', Buffer.alloc(0))
  return Buffer.concat([pngSignature, pngChunk('IHDR', header), ...chunks, pngChunk('IDAT', pixels), end])
}

/** A PNG with so many chunks of nothing. */
export function manyChunks(count: number): Buffer {
  return plainPng(64, 64, 3, [Buffer.concat(Array(count).fill(pngChunk('teSt', Buffer.alloc(0))))])
}

/** A PNG whose comments unpack to `texts` times 60 MB. */
export function textBomb(texts: number): Buffer {
  const text = Buffer.concat([Buffer.from('k\0\0'), deflateSync(Buffer.alloc(60_000_000), { level: 9 })])
  return plainPng(64, 64, 3, Array(texts).fill(pngChunk('zTXt', text)))
}
