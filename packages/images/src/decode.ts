import { sharp, withCodecSlot } from './codec.ts'
import { eightBitSpace } from './eight-bit-space.ts'
import { ImageError } from './errors.ts'
import type { GrayImage, ImageFormat, RgbImage } from './image.ts'
import { checkContainer, type ImageLimits, inspect } from './inspect.ts'

export interface DecodedImage {
  /** Transparency flattened on white. */
  image: RgbImage
  /** 255 is opaque; null when the file has no alpha channel. */
  alpha: GrayImage | null
}

export type MaskMode = 'white' | 'black' | 'alpha'

interface Pixels {
  width: number
  height: number
  channels: 3 | 4
  data: Buffer
}

/**
 * Decodes every pixel to 8-bit sRGB: orientation applied, 16-bit samples cut to their upper byte, then ICC profiles and CMYK converted and grey made RGB. A
 * profile that is broken or made for another kind of pixels is not looked at, as browsers have it.
 *
 * @throws ImageError as `inspect`, and `truncated` or `broken` when the pixels cannot all be read
 */
export async function decodeRgb(bytes: Uint8Array, limits: ImageLimits): Promise<DecodedImage> {
  const pixels = await decodePixels(bytes, limits)
  const { width, height } = pixels
  if (pixels.channels === 3) return { image: { width, height, data: pixels.data }, alpha: null }
  return {
    image: { width, height, data: flatten(pixels.data, 255) },
    alpha: { width, height, data: takeAlpha(pixels.data) },
  }
}

/**
 * Decodes a mask to grey in which 255 is repainted and 0 is kept. `white` and `black` say which end of the luma is
 * repainted, and what is transparent is kept; `alpha` repaints what is transparent, so an opaque file gives zeros.
 *
 * @throws ImageError as `decodeRgb`
 */
export async function decodeMask(bytes: Uint8Array, mode: MaskMode, limits: ImageLimits): Promise<GrayImage> {
  const { width, height, channels, data } = await decodePixels(bytes, limits)
  if (mode === 'alpha') {
    const mask = channels === 4 ? invert(takeAlpha(data)) : new Uint8Array(width * height)
    return { width, height, data: mask }
  }
  const kept = mode === 'white' ? 0 : 255
  const grey = luma(channels === 4 ? flatten(data, kept) : data)
  return { width, height, data: mode === 'white' ? grey : invert(grey) }
}

/** The mask that a picture's own transparency makes: 255 where it is transparent. */
export function maskFromAlpha(alpha: GrayImage): GrayImage {
  return { width: alpha.width, height: alpha.height, data: invert(alpha.data) }
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
 * Decodes a picture to the last pixel and throws the pixels away. A picture without alpha is asked for its last pixel alone: the decoder has to go through
 * all the others to get there, and nobody has to hold them.
 *
 * @throws ImageError as `decodeRgb`
 */
export async function verify(bytes: Uint8Array, limits: ImageLimits): Promise<VerifiedImage> {
  const { format, width, height, stored, hasAlpha } = await inspect(bytes, limits)
  if (hasAlpha) {
    const { data } = await decodePixels(bytes, limits)
    return { format, width, height, transparent: takeAlpha(data).some((value) => value < 255) }
  }
  const last = { left: stored.width - 1, top: stored.height - 1, width: 1, height: 1 }
  await withCodecSlot(() => toPixels(open(bytes, limits).extract(last)).catch(decodeProblem(bytes, format, limits)))
  return { format, width, height, transparent: false }
}

async function decodePixels(bytes: Uint8Array, limits: ImageLimits): Promise<Pixels> {
  const format = checkContainer(bytes)
  // libvips would decode the first frame alone, and only a WebP can hide more frames from `checkContainer`.
  if (format === 'webp') await inspect(bytes, limits)
  return withCodecSlot(async () => {
    const problem = decodeProblem(bytes, format, limits)
    const pixels = await toPixels(open(bytes, limits).autoOrient()).catch(problem)
    // A picture all black may be one whose profile has no light in it: then it is read without.
    const { data, info } = isBlack(pixels)
      ? await toPixels(open(bytes, limits, { ignoreIcc: true }).autoOrient()).catch(problem)
      : pixels
    if (info.channels !== 3 && info.channels !== 4)
      throw new ImageError('broken', 'the picture is neither RGB nor grey')
    return { width: info.width, height: info.height, channels: info.channels, data }
  })
}

function open(bytes: Uint8Array, limits: ImageLimits, { ignoreIcc = false } = {}) {
  const image = sharp(bytes, { failOn: 'error', limitInputPixels: limits.maxPixels, ignoreIcc })
  const space = eightBitSpace(bytes)
  return space === null ? image : image.pipelineColourspace(space)
}

function toPixels(image: ReturnType<typeof open>) {
  return image.toColourspace('srgb').raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true })
}

function isBlack({ data, info }: Awaited<ReturnType<typeof toPixels>>): boolean {
  return data.every((value, i) => value === 0 || (info.channels === 4 && i % 4 === 3))
}

/** Says what is wrong with a file that could not be decoded; its header is read again only for that. */
function decodeProblem(bytes: Uint8Array, format: ImageFormat, limits: ImageLimits) {
  return async (cause: unknown): Promise<never> => {
    await inspect(bytes, limits)
    const cut = /premature|truncated|end of (file|stream|image)|unexpected end|not enough/i.test(String(cause))
    const name = format.toUpperCase()
    throw cut
      ? new ImageError('truncated', `the ${name} file ends before its picture does`, { cause })
      : new ImageError('broken', `the ${name} picture cannot be decoded`, { cause })
  }
}

/** PIL's integer compositing of straight RGBA on a plain grey background. */
function flatten(rgba: Uint8Array, background: number): Uint8Array {
  const rgb = new Uint8Array((rgba.length / 4) * 3)
  for (let from = 0, to = 0; from < rgba.length; from += 4, to += 3) {
    const alpha = rgba[from + 3]
    const rest = background * (255 - alpha) + 128
    for (let channel = 0; channel < 3; channel++) {
      const t = rgba[from + channel] * alpha + rest
      rgb[to + channel] = ((t >> 8) + t) >> 8
    }
  }
  return rgb
}

function takeAlpha(rgba: Uint8Array): Uint8Array {
  const alpha = new Uint8Array(rgba.length / 4)
  for (let i = 0; i < alpha.length; i++) alpha[i] = rgba[i * 4 + 3]
  return alpha
}

function invert(data: Uint8Array): Uint8Array {
  return data.map((value) => 255 - value)
}

/** ITU-R 601 luma in PIL's fixed point; grey stays itself. */
function luma(rgb: Uint8Array): Uint8Array {
  const grey = new Uint8Array(rgb.length / 3)
  for (let i = 0; i < grey.length; i++) {
    grey[i] = (rgb[i * 3] * 19595 + rgb[i * 3 + 1] * 38470 + rgb[i * 3 + 2] * 7471 + 0x8000) >> 16
  }
  return grey
}
