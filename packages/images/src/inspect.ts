import { sharp } from './codec.ts'
import { ImageError } from './errors.ts'
import type { ImageFormat } from './image.ts'
import { pngChunks, pngSignature } from './png-chunks.ts'

export interface ImageInfo {
  format: ImageFormat
  /** As shown: EXIF orientation applied. */
  width: number
  height: number
  /** As stored, before the orientation is applied. */
  stored: { width: number; height: number }
  hasAlpha: boolean
}

export interface ImageLimits {
  maxPixels: number
}

/** What the first bytes say, or null. */
export function sniffFormat(bytes: Uint8Array): ImageFormat | null {
  const starts = (text: string, at = 0) => [...text].every((char, i) => bytes[at + i] === char.charCodeAt(0))
  if (pngSignature.every((byte, i) => bytes[i] === byte)) return 'png'
  if (starts('\xff\xd8\xff')) return 'jpeg'
  if (starts('RIFF') && starts('WEBP', 8)) return 'webp'
  return null
}

/**
 * Reads a picture's header; decodes nothing.
 *
 * @throws ImageError `unsupported_format`, `animated`, `too_many_pixels`, `truncated` or `broken`
 */
export async function inspect(bytes: Uint8Array, limits: ImageLimits): Promise<ImageInfo> {
  const format = checkContainer(bytes)
  const header = await sharp(bytes, { limitInputPixels: false })
    .metadata()
    .catch((cause) => {
      throw new ImageError('broken', `the ${format.toUpperCase()} header cannot be read`, { cause })
    })
  if (header.format !== format) throw new ImageError('broken', 'the header contradicts the first bytes of the file')
  if ((header.pages ?? 1) > 1) throw animated()
  const { width, height } = header.autoOrient
  if (width * height > limits.maxPixels) {
    const limit = limits.maxPixels.toLocaleString('en')
    throw new ImageError('too_many_pixels', `the picture has ${width} × ${height} pixels; the limit is ${limit} pixels`)
  }
  return { format, width, height, stored: { width: header.width, height: header.height }, hasAlpha: header.hasAlpha }
}

/**
 * Reads the outermost layer of a file: which format it is, and whether it is whole.
 *
 * @throws ImageError `unsupported_format`, `animated` (PNG) or `truncated`
 */
export function checkContainer(bytes: Uint8Array): ImageFormat {
  const format = sniffFormat(bytes)
  if (format === null) throw new ImageError('unsupported_format', 'the file is not a PNG, JPEG or WebP picture')
  if (format === 'png') checkPngChunks(bytes)
  if (format === 'webp') checkRiffSize(bytes)
  return format
}

/** libpng shows the still picture of an animated PNG and does not miss the end chunk, so both are looked for here. */
function checkPngChunks(bytes: Uint8Array): void {
  let ended = false
  for (const { type } of pngChunks(bytes)) {
    if (type === 'acTL') throw animated()
    if (type === 'IEND') {
      ended = true
      break
    }
  }
  if (!ended) throw new ImageError('truncated', 'the PNG file ends before its picture does')
}

/** A WebP file says its own length at the start. */
function checkRiffSize(bytes: Uint8Array): void {
  if (bytes.length < 8 + Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).readUInt32LE(4)) {
    throw new ImageError('truncated', 'the WEBP file ends before its picture does')
  }
}

function animated(): ImageError {
  return new ImageError('animated', 'the picture is animated; send a single frame')
}
