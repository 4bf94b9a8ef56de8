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
  /**
   * Where its shape is another: stretched, cut off equally at both ends, or whole and continued by its edges
   * (`stretch`).
   */
  fit?: 'stretch' | 'crop' | 'fill'
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
  { size = (picture) => picture, fit = 'stretch', quality, format = sniffFormat(bytes) ?? 'png' }: ScaleOptions,
  limits: ImageLimits,
  turn?: Turn,
): Promise<Buffer> {
  const { image } = await decodeRgb(bytes, limits, turn)
  const scaled = await scale(image, size(image), fit, turn)
  return encode(scaled, { format, quality: format === 'png' ? null : quality, metadata: await readMetadata(bytes) })
}

async function scale(
  image: RgbImage,
  size: Size,
  fit: NonNullable<ScaleOptions['fit']>,
  turn: Turn | undefined,
): Promise<RgbImage> {
  if (image.width === size.width && image.height === size.height) return image
  const raw = { width: image.width, height: image.height, channels: 3 as const }
  const inner = fit === 'fill' ? within(image, size) : size
  const options = {
    ...inner,
    fit: fit === 'crop' ? ('cover' as const) : ('fill' as const),
    kernel: 'lanczos3' as const,
  }
  const [left, top] = [Math.floor((size.width - inner.width) / 2), Math.floor((size.height - inner.height) / 2)]
  const around = { left, top, right: size.width - inner.width - left, bottom: size.height - inner.height - top }
  const data = await withCodecTurn(
    () =>
      sharp(image.data, { raw })
        .resize(options)
        .extend({ ...around, extendWith: 'copy' })
        .raw()
        .toBuffer(),
    turn,
  )
  return { width: size.width, height: size.height, data }
}

/** The largest of a picture's shape that a size has room for. */
function within(picture: Size, room: Size): Size {
  const scale = Math.min(room.width / picture.width, room.height / picture.height)
  const side = (name: keyof Size) => Math.min(room[name], Math.max(1, Math.floor(picture[name] * scale)))
  return { width: side('width'), height: side('height') }
}
