import { crc32 } from 'node:zlib'
import type { ImageHeader } from './image.ts'
import { pngChunks } from './png-chunks.ts'

/** What may say something else of size and alpha than the header does. */
const changing = new Set(['eXIf', 'tRNS'])
/** Grey, RGB, palette, grey with alpha, RGB with alpha (PNG specification 3rd edition, section 11.2.1). */
const colourTypes = [0, 2, 3, 4, 6]

/**
 * The header of a PNG, where it alone decides how large the picture is and whether it has alpha; else null, and libvips
 * has to be asked. Most uploads are such files, and to have libvips open one took the main thread a tenth of the time
 * of a whole submit.
 */
export function plainPngHeader(bytes: Uint8Array): ImageHeader | null {
  let header: ImageHeader | null = null
  for (const { type, data, whole } of pngChunks(bytes)) {
    if (changing.has(type)) return null
    if (header === null) header = type === 'IHDR' ? readHeader(data, whole) : null
    if (header === null) return null
  }
  return header
}

function readHeader(data: Uint8Array, whole: Uint8Array): ImageHeader | null {
  const view = new DataView(whole.buffer, whole.byteOffset, whole.byteLength)
  const end = whole.length - 4
  if (data.length !== 13 || view.getUint32(end) !== crc32(whole.subarray(4, end))) return null
  const [width, height, colourType] = [view.getUint32(8), view.getUint32(12), data[9] ?? -1]
  if (width === 0 || height === 0 || !colourTypes.includes(colourType)) return null
  return { width, height, stored: { width, height }, hasAlpha: (colourType & 4) !== 0 }
}
