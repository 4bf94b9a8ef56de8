import { ImageError, tooMany } from './errors.ts'
import type { ImageFormat } from './image.ts'
import { checkJpegSegments } from './jpeg-segments.ts'
import { pngChunks, pngSignature } from './png-chunks.ts'

export interface Container {
  format: ImageFormat
  /** The file without what is beside the picture, where that costs a decoder time. */
  picture: Uint8Array
}

/** 20 MB in pieces of the usual 8 KB are 2,560 chunks. */
const maxPngChunks = 20_000
/** A still picture has six at most: header, profile, transparency, pixels and two of metadata. */
const maxWebpChunks = 100

/**
 * What says how the pixels look. Text is left out: it may be compressed a thousandfold, and a decoder would unpack all
 * of it.
 */
const pngPicture = new Set('IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB iCCP cICP mDCV cLLI sBIT bKGD pHYs eXIf'.split(' '))

/** What the first bytes say, or null. */
export function sniffFormat(bytes: Uint8Array): ImageFormat | null {
  const starts = (text: string, at = 0) => [...text].every((char, i) => bytes[at + i] === char.charCodeAt(0))
  if (pngSignature.every((byte, i) => bytes[i] === byte)) return 'png'
  if (starts('\xff\xd8\xff')) return 'jpeg'
  if (starts('RIFF') && starts('WEBP', 8)) return 'webp'
  return null
}

/**
 * Reads the outermost layer of a file: which format it is, whether it is whole, and whether it has no more parts than a
 * picture needs.
 *
 * @throws ImageError `unsupported_format`, `animated` (PNG), `too_many_parts` or `truncated`
 */
export function openContainer(bytes: Uint8Array): Container {
  const format = sniffFormat(bytes)
  if (format === null) throw new ImageError('unsupported_format', 'the file is not a PNG, JPEG or WebP picture')
  if (format === 'png') return { format, picture: pngPictureOf(bytes) }
  if (format === 'jpeg') checkJpegSegments(bytes)
  else checkRiff(bytes)
  return { format, picture: bytes }
}

/** libpng shows the still picture of an animated PNG and does not miss the end chunk, so both are looked for here. */
function pngPictureOf(bytes: Uint8Array): Uint8Array {
  const kept: Uint8Array[] = [pngSignature]
  let count = 0
  for (const { type, whole } of pngChunks(bytes)) {
    if (++count > maxPngChunks) throw tooMany('PNG', `${maxPngChunks} chunks`)
    if (type === 'acTL') throw animated()
    if (pngPicture.has(type)) kept.push(whole)
    if (type === 'IEND') return kept.length - 1 === count ? bytes : Buffer.concat(kept)
  }
  throw truncated('PNG')
}

/** A WebP file says its own length at the start. */
function checkRiff(bytes: Uint8Array): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const end = bytes.length < 8 ? Infinity : 8 + view.getUint32(4, true)
  if (bytes.length < end) throw truncated('WEBP')
  let count = 0
  for (let at = 12; at + 8 <= end; at += 8 + size(view.getUint32(at + 4, true))) {
    if (++count > maxWebpChunks) throw tooMany('WEBP', `${maxWebpChunks} chunks`)
  }
}

/** Chunks begin at even places. */
function size(length: number): number {
  return length + (length % 2)
}

export function animated(): ImageError {
  return new ImageError('animated', 'the picture is animated; send a single frame')
}

function truncated(format: string): ImageError {
  return new ImageError('truncated', `the ${format} file ends before its picture does`)
}
