import { sharp, withCodecTurn } from './codec.ts'
import { sniffFormat } from './container.ts'
import { decodeRgb } from './decode.ts'
import { encode } from './encode.ts'
import type { ImageFormat, RgbImage } from './image.ts'
import type { ImageLimits } from './inspect.ts'
import { readMetadata } from './read-metadata.ts'
import type { Turn } from './turns.ts'

interface Size {
  width: number
  height: number
}

interface ScaleOptions {
  /** Of the result, in pixels, as it follows from that of the picture (the same). */
  size?: (picture: Size) => Size
  /** Cuts off what another shape has no room for, equally at both ends, in place of stretching (false). */
  crop?: boolean
  /** 1–100, for JPEG and WebP; null for PNG. */
  quality: number | null
  /** (That of the picture.) */
  format?: ImageFormat
}

/**
 * A picture file with as many pixels as are asked for, by Lanczos' filter, in the same format and with the same
 * metadata.
 *
 * @throws ImageError as `decodeRgb`
 */
export async function scalePicture(
  bytes: Uint8Array,
  { size = (picture) => picture, crop = false, quality, format = sniffFormat(bytes) ?? 'png' }: ScaleOptions,
  limits: ImageLimits,
  turn?: Turn,
): Promise<Buffer> {
  const { image } = await decodeRgb(bytes, limits, turn)
  const scaled = await scale(image, size(image), crop, turn)
  return encode(scaled, { format, quality: format === 'png' ? null : quality, metadata: await readMetadata(bytes) })
}

async function scale(image: RgbImage, size: Size, crop: boolean, turn: Turn | undefined): Promise<RgbImage> {
  if (image.width === size.width && image.height === size.height) return image
  const raw = { width: image.width, height: image.height, channels: 3 as const }
  const options = { ...size, fit: crop ? ('cover' as const) : ('fill' as const), kernel: 'lanczos3' as const }
  const data = await withCodecTurn(() => sharp(image.data, { raw }).resize(options).raw().toBuffer(), turn)
  return { width: size.width, height: size.height, data }
}
