import type { ModelDescription, RgbImage } from '@pentimento/pipeline'

/**
 * One image of a batch of latents, roughly, one pixel for each latent: a linear fit from their channels to RGB in
 * −1 … 1.
 *
 * @param latents planar [images, channels, height, width]
 */
export function previewLatents(
  { factors, bias }: ModelDescription['previews'],
  latents: Float32Array,
  { height, width }: { height: number; width: number },
  index: number,
): RgbImage {
  const area = height * width
  const data = new Uint8Array(area * 3)
  const first = index * factors.length * area
  for (let color = 0; color < 3; color++) {
    const weights = factors.map((row) => row[color] ?? 0)
    for (let pixel = 0; pixel < area; pixel++) {
      let value = bias[color] ?? 0
      for (let channel = 0; channel < factors.length; channel++) {
        value += (weights[channel] ?? 0) * (latents[first + channel * area + pixel] ?? 0)
      }
      data[pixel * 3 + color] = Math.max(0, Math.min(255, Math.round((value + 1) * 127.5)))
    }
  }
  return { width, height, data }
}
