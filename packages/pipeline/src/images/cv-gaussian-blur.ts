import type { GrayImage } from '../request.ts'
import { roundHalfToEven } from '../round-half-to-even.ts'

/**
 * OpenCV's `GaussianBlur` of an 8-bit mask, along the rows and then along the columns, each rounded to a byte, with the
 * kernel of 2·int(2.5·sigma + 0.5) + 1 taps that AUTOMATIC1111 asks for. Byte for byte: OpenCV's weights have 8
 * fraction bits, their rounding errors passed on from tap to tap. Borders are mirrored without repeating the edge.
 */
export function cvGaussianBlur(mask: GrayImage, sigma: number): GrayImage {
  const kernel = gaussianKernel(sigma)
  if (kernel.length === 1) return { ...mask, data: mask.data.slice() }
  const { width, height } = mask
  const data = mask.data.slice()
  for (let y = 0; y < height; y++) blurLine(data, y * width, 1, width, kernel)
  for (let x = 0; x < width; x++) blurLine(data, x, width, height, kernel)
  return { width, height, data }
}

/** How far the blur reaches, in pixels. */
export function blurReach(sigma: number): number {
  return Math.trunc(2.5 * sigma + 0.5)
}

/** Weights in 256ths that add up to 256. */
function gaussianKernel(sigma: number): Int32Array {
  const reach = blurReach(sigma)
  const exact = Float64Array.from({ length: 2 * reach + 1 }, (_, i) => Math.exp(-((i - reach) ** 2) / (2 * sigma ** 2)))
  const total = exact.reduce((sum, weight) => sum + weight, 0)
  const kernel = new Int32Array(exact.length)
  let error = 0
  let sum = 0
  for (let i = 0; i < reach; i++) {
    const wanted = (exact[i] / total) * 256 + error
    const rounded = roundHalfToEven(wanted)
    error = wanted - rounded
    kernel[i] = rounded
    kernel[2 * reach - i] = rounded
    sum += rounded
  }
  kernel[reach] = 256 - 2 * sum
  return kernel
}

function blurLine(data: Uint8Array, start: number, stride: number, length: number, kernel: Int32Array): void {
  const reach = (kernel.length - 1) / 2
  const padded = new Uint8Array(length + 2 * reach)
  for (let i = 0; i < padded.length; i++) padded[i] = data[start + mirror(i - reach, length) * stride]
  // Most of a mask is flat, and a flat neighbourhood keeps its value: count how long the line has been flat.
  let flat = 0
  for (let end = 0; end < padded.length; end++) {
    flat = end > 0 && padded[end] === padded[end - 1] ? flat + 1 : 1
    const first = end - 2 * reach
    if (first < 0 || flat >= kernel.length) continue
    let sum = 128
    for (let k = 0; k < kernel.length; k++) sum += padded[first + k] * kernel[k]
    data[start + first * stride] = sum >> 8
  }
}

/** An index outside 0 … length − 1 mirrored back into it, the edges not repeated. */
function mirror(index: number, length: number): number {
  if (length === 1) return 0
  const period = 2 * (length - 1)
  const position = ((index % period) + period) % period
  return position < length ? position : period - position
}
