import type { Sharp } from 'sharp'
import { sharp, withCodecTurn } from './codec.ts'
import { type Container, openContainer } from './container.ts'
import { eightBitSpace } from './eight-bit-space.ts'
import { ImageError } from './errors.ts'
import type { GrayImage, ImageFormat, RgbImage } from './image.ts'
import { type ImageLimits, inspectPicture } from './inspect.ts'
import { flatten, invert, isBlack, isFilled, takeAlpha, toGrey } from './pixels.ts'
import type { Turn } from './turns.ts'

interface DecodedImage {
  /** Transparency flattened on white. */
  image: RgbImage
  /** 255 is opaque; null when the file has no alpha channel. */
  alpha: GrayImage | null
}

type MaskMode = 'white' | 'black' | 'alpha'

interface Pixels {
  width: number
  height: number
  channels: 3 | 4
  data: Buffer
}

/**
 * Decodes every pixel to 8-bit sRGB: orientation applied, 16-bit samples cut to their upper byte, then ICC profiles and
 * CMYK converted and grey made RGB. A profile that is broken or made for another kind of pixels is not looked at, as
 * browsers have it.
 *
 * @param turn for whom, where pictures of several owners are decoded side by side
 * @throws ImageError as `inspect`, `truncated` or `broken` when the pixels cannot all be read, `too_slow` when that
 * takes too long; the reason of `turn.signal`
 */
export function decodeRgb(bytes: Uint8Array, limits: ImageLimits, turn?: Turn): Promise<DecodedImage> {
  return withCodecTurn(async () => {
    const { width, height, channels, data } = await decodePixels(bytes, limits)
    if (channels === 3) return { image: { width, height, data }, alpha: null }
    return {
      image: { width, height, data: await flatten(data, 255) },
      alpha: { width, height, data: await takeAlpha(data) },
    }
  }, turn)
}

/**
 * Decodes a mask to grey in which 255 is repainted and 0 is kept. `white` and `black` say which end of the luma is
 * repainted, and what is transparent is kept; `alpha` repaints what is transparent, so an opaque file gives zeros.
 *
 * @throws ImageError as `decodeRgb`
 */
export function decodeMask(bytes: Uint8Array, mode: MaskMode, limits: ImageLimits, turn?: Turn): Promise<GrayImage> {
  return withCodecTurn(async () => {
    const { width, height, channels, data } = await decodePixels(bytes, limits)
    if (mode === 'alpha') {
      const mask = channels === 4 ? await invert(await takeAlpha(data)) : new Uint8Array(width * height)
      return { width, height, data: mask }
    }
    const kept = mode === 'white' ? 0 : 255
    const grey = await toGrey(data, channels, kept)
    return { width, height, data: mode === 'white' ? grey : await invert(grey) }
  }, turn)
}

/** The mask that a picture's own transparency makes: 255 where it is transparent. */
export async function maskFromAlpha(alpha: GrayImage): Promise<GrayImage> {
  return { width: alpha.width, height: alpha.height, data: await invert(alpha.data) }
}

export interface VerifiedImage {
  format: ImageFormat
  /** As shown, in pixels. */
  width: number
  height: number
  /** Whether any pixel is not opaque. */
  transparent: boolean
}

/**
 * Decodes a picture to the last pixel and throws the pixels away. It is asked for its alpha alone, or where it has none
 * for its last pixel: the decoder has to go through all the others to get there, and nobody has to hold them.
 *
 * @throws ImageError as `decodeRgb`
 */
export function verify(bytes: Uint8Array, limits: ImageLimits, turn?: Turn): Promise<VerifiedImage> {
  return withCodecTurn(async () => {
    const container = openContainer(bytes)
    const { format, width, height, stored, hasAlpha } = await inspectPicture(container, limits)
    const image = open(container, limits)
    if (hasAlpha) {
      const { data } = await read(image.extractChannel('alpha'), format, limits)
      return { format, width, height, transparent: !isFilled(data, 255) }
    }
    await read(image.extract({ left: stored.width - 1, top: stored.height - 1, width: 1, height: 1 }), format, limits)
    return { format, width, height, transparent: false }
  }, turn)
}

async function decodePixels(bytes: Uint8Array, limits: ImageLimits): Promise<Pixels> {
  const container = openContainer(bytes)
  await inspectPicture(container, limits)
  const pixels = await read(open(container, limits).autoOrient(), container.format, limits)
  // A picture all black may be one whose profile has no light in it: then it is read without.
  const { data, info } = (await isBlack(pixels.data, pixels.info.channels))
    ? await read(open(container, limits, { ignoreIcc: true }).autoOrient(), container.format, limits)
    : pixels
  if (info.channels !== 3 && info.channels !== 4) throw new ImageError('broken', 'the picture is neither RGB nor grey')
  return { width: info.width, height: info.height, channels: info.channels, data }
}

/**
 * libvips looks at the clock between rows; what a decoder does before the first one is bounded by the numbers of its
 * parts.
 */
function open({ picture }: Container, limits: ImageLimits, { ignoreIcc = false } = {}): Sharp {
  const image = sharp(picture, { failOn: 'error', limitInputPixels: limits.maxPixels, ignoreIcc }).timeout({
    seconds: limits.maxSeconds,
  })
  const space = eightBitSpace(picture)
  return space === null ? image : image.pipelineColourspace(space)
}

/** Every pixel, or what is wrong with a file that could not be decoded. */
async function read(image: Sharp, format: ImageFormat, { maxSeconds }: ImageLimits) {
  try {
    return await image.toColourspace('srgb').raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true })
  } catch (cause) {
    const name = format.toUpperCase()
    const text = String(cause)
    if (/timeout: \d+%/.test(text)) {
      const detail = `the ${name} picture takes longer than ${maxSeconds} seconds to decode; save it anew, or smaller`
      throw new ImageError('too_slow', detail, { cause })
    }
    throw /premature|truncated|end of (file|stream|image)|unexpected end|not enough/i.test(text)
      ? new ImageError('truncated', `the ${name} file ends before its picture does`, { cause })
      : new ImageError('broken', `the ${name} picture cannot be decoded`, { cause })
  }
}
