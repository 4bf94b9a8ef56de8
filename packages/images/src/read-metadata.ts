import { inflateSync } from 'node:zlib'
import { sharp } from './codec.ts'
import { sniffFormat } from './container.ts'
import type { ImageMetadata } from './encode.ts'
import { pngChunks } from './png-chunks.ts'
import { readExif } from './read-exif.ts'

/** What text may unpack to: a thousand times what it takes packed. */
const textBytes = 1 << 20

/**
 * What a picture says of how it was made, as AUTOMATIC1111 and this package write it: PNG text chunks, or EXIF of JPEG
 * and WebP. Null where it says nothing, or is no picture; an empty text for what is missing.
 */
export async function readMetadata(bytes: Uint8Array): Promise<ImageMetadata | null> {
  const format = sniffFormat(bytes)
  if (format === null) return null
  const found = format === 'png' ? pngMetadata(bytes) : await exifMetadata(bytes)
  return found.parametersText === '' && found.json === '' ? null : found
}

function pngMetadata(bytes: Uint8Array): ImageMetadata {
  const { parameters = '', pentimento = '' } = pngTexts(bytes)
  return { parametersText: parameters, json: pentimento }
}

async function exifMetadata(bytes: Uint8Array): Promise<ImageMetadata> {
  const { exif = Buffer.alloc(0) } = await sharp(bytes, { limitInputPixels: false })
    .metadata()
    .catch(() => ({ exif: undefined }))
  const { description, comment } = readExif(exif)
  return { parametersText: comment, json: description }
}

/** Texts of a PNG by their keywords, the first of each. */
function pngTexts(bytes: Uint8Array): Record<string, string> {
  const texts: Record<string, string> = Object.create(null)
  for (const { type, data } of pngChunks(bytes)) {
    if (type === 'IDAT') continue
    const found = type === 'tEXt' || type === 'zTXt' || type === 'iTXt' ? textOf(type, data) : null
    if (found && !(found.keyword in texts)) texts[found.keyword] = found.text
  }
  return texts
}

/** PNG specification 3rd edition, section 11.3.3. */
function textOf(type: 'tEXt' | 'zTXt' | 'iTXt', data: Uint8Array): { keyword: string; text: string } | null {
  const end = data.indexOf(0)
  if (end < 1) return null
  const keyword = latin(data.subarray(0, end))
  const rest = data.subarray(end + 1)
  if (type === 'tEXt') return { keyword, text: latin(rest) }
  if (type === 'zTXt') return { keyword, text: latin(unpack(rest.subarray(1))) }
  const language = rest.indexOf(0, 2)
  const translated = language < 0 ? -1 : rest.indexOf(0, language + 1)
  if (translated < 0) return null
  const body = rest.subarray(translated + 1)
  return { keyword, text: Buffer.from(rest[0] === 1 ? unpack(body) : body).toString('utf8') }
}

function unpack(data: Uint8Array): Uint8Array {
  try {
    return inflateSync(data, { maxOutputLength: textBytes })
  } catch {
    return new Uint8Array()
  }
}

function latin(data: Uint8Array): string {
  return Buffer.from(data).toString('latin1')
}
