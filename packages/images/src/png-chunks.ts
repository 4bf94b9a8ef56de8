import { crc32 } from 'node:zlib'

export const pngSignature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
const headerEnd = pngSignature.length + 25

interface PngChunk {
  type: string
  data: Uint8Array
  /** With length, type and CRC. */
  whole: Uint8Array
}

/**
 * The chunks of a PNG file in order, without checking their CRCs (PNG specification 3rd edition, section 5.3).
 * Ends early where the file ends early.
 */
export function* pngChunks(bytes: Uint8Array): Generator<PngChunk> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let at = pngSignature.length
  while (at + 12 <= bytes.length) {
    const length = view.getUint32(at)
    if (at + 12 + length > bytes.length) return
    const type = String.fromCharCode(bytes[at + 4], bytes[at + 5], bytes[at + 6], bytes[at + 7])
    const end = at + 12 + length
    yield { type, data: bytes.subarray(at + 8, end - 4), whole: bytes.subarray(at, end) }
    at = end
  }
}

/** A whole chunk: its length, type, data and checksum. */
export function pngChunk(type: string, data: Uint8Array): Buffer {
  const chunk = Buffer.alloc(data.length + 12)
  chunk.writeUInt32BE(data.length, 0)
  chunk.write(type, 4, 'latin1')
  chunk.set(data, 8)
  chunk.writeUInt32BE(crc32(chunk.subarray(4, data.length + 8)), data.length + 8)
  return chunk
}

/**
 * A text chunk: `tEXt` where Latin-1 can hold the text, else `iTXt` in UTF-8, as PIL and so A1111 write and read it.
 */
export function pngText(keyword: string, text: string): Buffer {
  const latin = Buffer.from(text, 'latin1')
  if (latin.toString('latin1') === text) {
    return pngChunk('tEXt', Buffer.concat([Buffer.from(`${keyword}\0`, 'latin1'), latin]))
  }
  // After the keyword: not compressed, method 0, no language, no translated keyword.
  return pngChunk('iTXt', Buffer.concat([Buffer.from(`${keyword}\0\0\0\0\0`, 'latin1'), Buffer.from(text, 'utf8')]))
}

/** Puts chunks behind the header chunk of an encoded PNG. */
export function insertPngChunks(png: Buffer, chunks: Buffer[]): Buffer {
  return Buffer.concat([png.subarray(0, headerEnd), ...chunks, png.subarray(headerEnd)])
}
