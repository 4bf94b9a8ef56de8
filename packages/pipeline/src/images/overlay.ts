import type { GrayImage, RgbImage } from '../request.ts'
import { compositeOver, cutOut, dropAlpha, unpremultiply } from './premultiplied.ts'
import { type Box, blank, paste, type Raster } from './raster.ts'
import { fitImage } from './resize-modes.ts'

/**
 * The original with a hole where the mask repaints: four channels, straight alpha. Laid over a result it brings back
 * every original pixel where the mask is 0. Both of one size. AUTOMATIC1111's overlay image (modules/processing.py).
 */
export function makeOverlay(original: RgbImage, mask: GrayImage): Raster {
  return unpremultiply(cutOut(original, (pixel) => 255 - mask.data[pixel]))
}

/**
 * The mask for the overlay of a whole picture: doubled, so that the original fades in only outside the half-way line.
 */
export function overlayMask(mask: GrayImage): GrayImage {
  return { ...mask, data: mask.data.map((value) => Math.min(value * 2, 255)) }
}

/**
 * Puts a result back under its overlay. With `box`, what "only masked" worked on, the result is first resized into that
 * part of the overlay's frame; otherwise it has the overlay's size. AUTOMATIC1111's `apply_overlay`, byte for byte.
 */
export function applyOverlay(result: RgbImage, overlay: Raster, box: Box | null): RgbImage {
  const frame = blank(overlay.width, overlay.height, 4)
  if (box) {
    const [x1, y1, x2, y2] = box
    paste(frame, withAlpha(fitImage(result, x2 - x1, y2 - y1, 'crop')), x1, y1)
  } else {
    paste(frame, withAlpha(result), 0, 0)
  }
  compositeOver(frame, overlay)
  return dropAlpha(frame)
}

function withAlpha({ width, height, data }: RgbImage): Raster {
  const result = blank(width, height, 4)
  for (let pixel = 0; pixel < width * height; pixel++) {
    result.data.set(data.subarray(pixel * 3, pixel * 3 + 3), pixel * 4)
    result.data[pixel * 4 + 3] = 255
  }
  return result
}
