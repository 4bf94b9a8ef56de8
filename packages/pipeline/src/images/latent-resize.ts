import type { GrayImage } from '../request.ts'
import { pilResize } from './pil-resize.ts'

/**
 * A pixel mask at the size of the latents, 0 … 1. AUTOMATIC1111's way: Pillow's bicubic filter, then, with `rounds`,
 * the nearer of 0 and 1 (a half goes to 0).
 */
export function latentMask(mask: GrayImage, width: number, height: number, rounds: boolean): Float32Array {
  const { data } = pilResize(mask, width, height, 'bicubic')
  return Float32Array.from(data, (value) => (rounds ? Number(value > 127.5) : value / 255))
}

/** 0 or 1 at the half-way line, as diffusers cuts a mask. */
export function hardMask(mask: GrayImage): Float32Array {
  return Float32Array.from(mask.data, (value) => Number(value >= 128))
}

/**
 * Picks the top left value of each cell: torch's `interpolate(mode='nearest')` of one plane, as inpaint models were
 * trained with.
 */
export function nearestPlane(plane: Float32Array, from: PlaneSize, to: PlaneSize): Float32Array {
  const result = new Float32Array(to.width * to.height)
  for (let y = 0; y < to.height; y++) {
    const row = Math.floor((y * from.height) / to.height) * from.width
    for (let x = 0; x < to.width; x++) result[y * to.width + x] = plane[row + Math.floor((x * from.width) / to.width)]
  }
  return result
}

/**
 * torch's `interpolate(mode='bilinear', align_corners=False)` of planes one after another: half-pixel centres, edges
 * repeated.
 */
export function bilinearPlanes(planes: Float32Array, from: PlaneSize, to: PlaneSize): Float32Array {
  const count = planes.length / (from.width * from.height)
  const result = new Float32Array(count * to.width * to.height)
  const columns = bilinearTaps(from.width, to.width)
  const rows = bilinearTaps(from.height, to.height)
  let next = 0
  for (let plane = 0; plane < count; plane++) {
    const start = plane * from.width * from.height
    for (const row of rows) {
      const upper = start + row.low * from.width
      const lower = start + row.high * from.width
      for (const { low, high, weight } of columns) {
        const top = planes[upper + low] * (1 - weight) + planes[upper + high] * weight
        const bottom = planes[lower + low] * (1 - weight) + planes[lower + high] * weight
        result[next++] = top * (1 - row.weight) + bottom * row.weight
      }
    }
  }
  return result
}

/** The size of one plane of values. */
interface PlaneSize {
  width: number
  height: number
}

function bilinearTaps(inSize: number, outSize: number): { low: number; high: number; weight: number }[] {
  return Array.from({ length: outSize }, (_, i) => {
    const position = Math.max(((i + 0.5) * inSize) / outSize - 0.5, 0)
    const low = Math.min(Math.floor(position), inSize - 1)
    return { low, high: Math.min(low + 1, inSize - 1), weight: position - low }
  })
}
