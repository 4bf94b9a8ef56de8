import type { GrayImage, RgbImage } from '../request.ts'
import { pilGaussianBlur } from './pil-gaussian-blur.ts'
import { compositeOver, cutOut, dropAlpha, unpremultiply } from './premultiplied.ts'
import { blank } from './raster.ts'

/** Blur radius and how often the blurred picture is laid on: from a wash of the surroundings to their edge. */
const layers = [
  [256, 1],
  [64, 1],
  [16, 2],
  [4, 4],
  [2, 2],
  [0, 1],
] as const

/**
 * Fills what the mask repaints with the colours around it. Both of one size.
 * AUTOMATIC1111's `masking.fill`, byte for byte.
 */
export function fillMasked(image: RgbImage, mask: GrayImage): RgbImage {
  const kept = cutOut(image, (pixel) => 255 - mask.data[pixel])
  const filled = blank(image.width, image.height, 4)
  for (const [sigma, repeats] of layers) {
    const layer = unpremultiply(pilGaussianBlur(kept, sigma))
    for (let i = 0; i < repeats; i++) compositeOver(filled, layer)
  }
  return dropAlpha(filled)
}
