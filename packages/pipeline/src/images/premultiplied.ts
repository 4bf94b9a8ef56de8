import type { RgbImage } from '../request.ts'
import { blank, type Raster } from './raster.ts'

/*
 * Pillow's compositing in 8-bit integers, byte for byte (src/libImaging/Paste.c, Convert.c, AlphaComposite.c).
 * Pictures here have four channels, the last of them alpha.
 */

/**
 * A picture cut out by a mask, premultiplied: its colours and alpha scaled by `keep`, 255 keeping all. Pillow's "RGBa".
 */
export function cutOut(image: RgbImage, keep: (pixel: number) => number): Raster {
  const result = blank(image.width, image.height, 4)
  for (let pixel = 0; pixel < image.width * image.height; pixel++) {
    const weight = keep(pixel)
    for (let c = 0; c < 3; c++) result.data[pixel * 4 + c] = divideBy255(image.data[pixel * 3 + c] * weight)
    result.data[pixel * 4 + 3] = divideBy255(255 * weight)
  }
  return result
}

/** Divides the alpha back out of the colours. Pillow's conversion of "RGBa" to "RGBA". */
export function unpremultiply({ width, height, data }: Raster): Raster {
  const result = { width, height, data: data.slice() }
  for (let i = 0; i < data.length; i += 4) {
    const alpha = data[i + 3]
    if (alpha === 0 || alpha === 255) continue
    for (let c = i; c < i + 3; c++) result.data[c] = Math.min(255, Math.trunc((255 * data[c]) / alpha))
  }
  return result
}

/** Lays `over` on `under`, in place; both of straight alpha and one size. Pillow's `alpha_composite`. */
export function compositeOver(under: Raster, over: Raster): void {
  const d = under.data
  const s = over.data
  for (let i = 0; i < d.length; i += 4) {
    const alpha = s[i + 3]
    if (alpha === 0) continue
    const rest = d[i + 3] * (255 - alpha)
    const out255 = 255 * alpha + rest
    const overWeight = Math.trunc((alpha * 255 * 255 * 128) / out255)
    const underWeight = 255 * 128 - overWeight
    for (let c = i; c < i + 3; c++) {
      const t = s[c] * overWeight + d[c] * underWeight + (128 << 7)
      d[c] = (((t >> 8) + t) >> 8) >> 7
    }
    d[i + 3] = divideBy255(out255)
  }
}

/** Leaves the alpha away. */
export function dropAlpha({ width, height, data }: Raster): RgbImage {
  const rgb = new Uint8Array(width * height * 3)
  for (let pixel = 0; pixel < width * height; pixel++) {
    rgb.set(data.subarray(pixel * 4, pixel * 4 + 3), pixel * 3)
  }
  return { width, height, data: rgb }
}

/** value / 255, rounded, without a division. */
function divideBy255(value: number): number {
  const t = value + 128
  return ((t >> 8) + t) >> 8
}
