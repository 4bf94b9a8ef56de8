import type { RgbImage } from '../request.ts'
import { pilResize } from './pil-resize.ts'

/** Of the pictures that CLIP was trained on, for each colour. */
const mean = [0.48145466, 0.4578275, 0.40821073]
const deviation = [0.26862954, 0.26130258, 0.27577711]

/**
 * A picture as CLIP's encoders take it (transformers' CLIPImageProcessor): its shorter side at `side` pixels by
 * Pillow's bicubic filter, the square in its middle, each colour less its mean and over its deviation.
 *
 * @returns planar [3, side, side]
 */
export function clipPixels(image: RgbImage, side: number): Float32Array {
  const short = Math.min(image.width, image.height)
  const [width, height] = [image.width, image.height].map((length) => Math.floor((side * length) / short))
  const [left, top] = [width, height].map((length) => Math.floor((length - side) / 2))
  const window = [left, top, left + side, top + side] as const
  const { data } = pilResize(image, width, height, 'bicubic', { window: [...window] })
  const area = side * side
  const planes = new Float32Array(3 * area)
  for (let c = 0; c < 3; c++)
    for (let i = 0; i < area; i++) planes[c * area + i] = (data[i * 3 + c] / 255 - mean[c]) / deviation[c]
  return planes
}
