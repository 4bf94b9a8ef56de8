import type { GrayImage } from '../request.ts'
import type { Box } from './raster.ts'

/** The smallest box around every value above 0, or null when there is none. As Pillow's `getbbox`. */
export function maskBounds({ width, height, data }: GrayImage): Box | null {
  let [left, top, right, bottom] = [width, height, 0, 0]
  for (let y = 0; y < height; y++) {
    const row = data.subarray(y * width, (y + 1) * width)
    const first = row.findIndex((value) => value > 0)
    if (first < 0) continue
    left = Math.min(left, first)
    right = Math.max(right, row.findLastIndex((value) => value > 0) + 1)
    top = Math.min(top, y)
    bottom = y + 1
  }
  return bottom === 0 ? null : [left, top, right, bottom]
}

/**
 * Grows a mask by `radius` pixels in the maximum norm: each value becomes the largest of the square of side 2·radius +
 * 1 around it. OpenCV's `dilate` with a square.
 */
export function growMask(mask: GrayImage, radius: number): GrayImage {
  const { width, height } = mask
  const data = mask.data.slice()
  if (radius > 0) {
    for (let y = 0; y < height; y++) growLine(data, y * width, 1, width, radius)
    for (let x = 0; x < width; x++) growLine(data, x, width, height, radius)
  }
  return { width, height, data }
}

/**
 * Running maximum in three comparisons a value, whatever the radius (van Herk 1992): the window is a block's end and
 * the next block's start.
 */
function growLine(data: Uint8Array, start: number, stride: number, length: number, radius: number): void {
  const block = 2 * radius + 1
  const padded = new Uint8Array(Math.ceil((length + 2 * radius) / block) * block)
  for (let i = 0; i < length; i++) padded[i + radius] = data[start + i * stride]
  const fromStart = padded.slice()
  const fromEnd = padded.slice()
  for (let i = 0; i < padded.length; i++) {
    if (i % block !== 0) fromStart[i] = Math.max(fromStart[i], fromStart[i - 1])
    const j = padded.length - 1 - i
    if (j % block !== block - 1) fromEnd[j] = Math.max(fromEnd[j], fromEnd[j + 1])
  }
  for (let i = 0; i < length; i++) data[start + i * stride] = Math.max(fromEnd[i], fromStart[i + block - 1])
}
