import { channelsOf, type Raster } from './raster.ts'

/**
 * Pillow's `ImageFilter.GaussianBlur(sigma)`, byte for byte (src/libImaging/BoxBlur.c): three box blurs along the rows,
 * three along the columns, each rounded to a byte, edges repeated. Its cost does not depend on `sigma`.
 */
export function pilGaussianBlur<Image extends Raster>(image: Image, sigma: number): Image {
  if (sigma === 0) return { ...image, data: image.data.slice() }
  const radius = boxRadius(sigma)
  const channels = channelsOf(image)
  const rowLength = image.width * channels
  const data = image.data.slice()
  for (let y = 0; y < image.height; y++) {
    for (let c = 0; c < channels; c++) blurLine(data, y * rowLength + c, channels, image.width, radius)
  }
  for (let x = 0; x < rowLength; x++) blurLine(data, x, rowLength, image.height, radius)
  return { ...image, data }
}

const passes = 3
const one = 2 ** 24
const f = Math.fround

/** The radius, with its fraction, whose box has the variance of a third of the Gaussian. In float32, as Pillow computes it. */
function boxRadius(sigma: number): number {
  const variance = f(f(f(sigma) * f(sigma)) / passes)
  const length = f(Math.sqrt(12 * variance + 1))
  const whole = f(Math.floor((length - 1) / 2))
  const numerator = f(f(2 * whole + 1) * f(f(whole * f(whole + 1)) - f(3 * variance)))
  const denominator = f(6 * f(variance - f(f(whole + 1) * f(whole + 1))))
  return f(whole + f(numerator / denominator))
}

/** Blurs one line in place, three times. A box of width 2r + 1 weighs its two ends by the radius's fraction. */
function blurLine(data: Uint8Array, start: number, stride: number, length: number, radius: number): void {
  const whole = Math.trunc(radius)
  const weight = Math.trunc(f(one / f(f(radius * 2) + 1)))
  const edgeWeight = Math.trunc((one - (whole * 2 + 1) * weight) / 2)
  const line = new Uint8Array(length)
  const last = length - 1
  const at = (i: number): number => line[Math.min(Math.max(i, 0), last)]
  for (let pass = 0; pass < passes; pass++) {
    for (let i = 0; i < length; i++) line[i] = data[start + i * stride]
    let sum = 0
    for (let i = -whole; i <= whole; i++) sum += at(i)
    for (let i = 0; i < length; i++) {
      const total = sum * weight + (at(i - whole - 1) + at(i + whole + 1)) * edgeWeight
      data[start + i * stride] = Math.floor((total + one / 2) / one)
      sum += at(i + whole + 1) - at(i - whole)
    }
  }
}
