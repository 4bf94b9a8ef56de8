import { pilResize } from './pil-resize.ts'
import { type Box, blank, channelsOf, paste, type Raster } from './raster.ts'

/**
 * How a picture is fitted into a frame of another shape: pulled, cut at two sides, or completed with its edge colours.
 */
export type FitMode = 'stretch' | 'crop' | 'fill'

/**
 * Fits a picture into `width` × `height` pixels as AUTOMATIC1111's `resize_image` does (modules/images.py), byte for
 * byte.
 */
export function fitImage<Image extends Raster>(image: Image, width: number, height: number, mode: FitMode): Image {
  if (mode === 'stretch') return pilResize(image, width, height, 'lanczos')
  const ratio = width / height
  const sourceRatio = image.width / image.height
  const followsHeight = mode === 'crop' ? ratio <= sourceRatio : ratio >= sourceRatio
  const innerWidth = followsHeight ? atLeastOne((image.width * height) / image.height) : width
  const innerHeight = followsHeight ? height : atLeastOne((image.height * width) / image.width)
  const left = Math.floor(width / 2) - Math.floor(innerWidth / 2)
  const top = Math.floor(height / 2) - Math.floor(innerHeight / 2)
  // What hangs over the frame is not made: of a long strip that would be far more than the frame.
  const window: Box = [
    Math.max(0, -left),
    Math.max(0, -top),
    Math.min(innerWidth, width - left),
    Math.min(innerHeight, height - top),
  ]
  const inner = pilResize(image, innerWidth, innerHeight, 'lanczos', { window })
  const frame = blank(width, height, channelsOf(image))
  paste(frame, inner, Math.max(0, left), Math.max(0, top))
  if (mode === 'fill') fillStrips(frame, inner, left, top)
  return { ...image, width, height, data: frame.data }
}

/** Paints the empty strips beside a centred picture by resizing its edges, which have no thickness, to theirs. */
function fillStrips(frame: Raster, inner: Raster, left: number, top: number): void {
  const { width, height } = inner
  const strip = (x: number, y: number, toWidth: number, toHeight: number, box: Box): void => {
    paste(frame, pilResize(inner, toWidth, toHeight, 'bicubic', { box }), x, y)
  }
  if (top > 0) {
    strip(0, 0, width, top, [0, 0, width, 0])
    strip(0, top + height, width, top, [0, height, width, height])
  }
  if (left > 0) {
    strip(0, 0, left, height, [0, 0, 0, height])
    strip(left + width, 0, left, height, [width, 0, width, height])
  }
}

function atLeastOne(size: number): number {
  return Math.max(1, Math.floor(size))
}
