import { sharp } from './codec.ts'
import { animated, type Container, openContainer } from './container.ts'
import { ImageError } from './errors.ts'
import type { ImageFormat, ImageHeader } from './image.ts'
import { plainPngHeader } from './png-header.ts'

interface ImageInfo extends ImageHeader {
  format: ImageFormat
}

export interface ImageLimits {
  maxPixels: number
  /** Of the longer side, in pixels. */
  maxSide: number
  /** Longer side over shorter side. */
  maxAspect: number
  /** Time to decode a picture, whole seconds. What is above counts as an attack, not as a picture. */
  maxSeconds: number
}

/**
 * Reads a picture's header; decodes nothing.
 *
 * @throws ImageError `unsupported_format`, `animated`, `too_many_pixels`, `bad_shape`, `too_many_parts`, `truncated` or
 * `broken`
 */
export async function inspect(bytes: Uint8Array, limits: ImageLimits): Promise<ImageInfo> {
  return inspectPicture(openContainer(bytes), limits)
}

/** What a picture measures as it is shown, told from its header. @throws ImageError as `inspect` */
export async function pictureSize(bytes: Uint8Array, limits: ImageLimits): Promise<{ width: number; height: number }> {
  const { width, height } = await inspect(bytes, limits)
  return { width, height }
}

/** `inspect` for a file whose outermost layer has been read. */
export async function inspectPicture(container: Container, limits: ImageLimits): Promise<ImageInfo> {
  const { format, picture } = container
  const info = (format === 'png' && plainPngHeader(picture)) || (await askLibvips(container))
  checkShape(info.width, info.height, limits)
  return { format, ...info }
}

async function askLibvips({ format, picture }: Container): Promise<ImageHeader> {
  const header = await sharp(picture, { limitInputPixels: false })
    .metadata()
    .catch((cause) => {
      throw new ImageError('broken', `the ${format.toUpperCase()} header cannot be read`, { cause })
    })
  if (header.format !== format) throw new ImageError('broken', 'the header contradicts the first bytes of the file')
  if ((header.pages ?? 1) > 1) throw animated()
  const { width, height } = header.autoOrient
  return { width, height, stored: { width: header.width, height: header.height }, hasAlpha: header.hasAlpha }
}

/** A decoder works by rows, so that a picture of very many short ones costs a hundred times as much as its pixels. */
function checkShape(width: number, height: number, { maxPixels, maxSide, maxAspect }: ImageLimits): void {
  const is = `the picture has ${width} × ${height} pixels`
  if (width * height > maxPixels) {
    throw new ImageError('too_many_pixels', `${is}; the limit is ${maxPixels.toLocaleString('en')} pixels`)
  }
  const [shorter, longer] = width < height ? [width, height] : [height, width]
  if (longer > maxSide) {
    throw new ImageError('bad_shape', `${is}; no side may be longer than ${maxSide.toLocaleString('en')}`)
  }
  if (longer > shorter * maxAspect) {
    throw new ImageError('bad_shape', `${is}; no side may be more than ${maxAspect} times as long as the other`)
  }
}
