import type { Pixels } from './flood-fill.ts'

/** A mask as one byte a pixel, row by row: 255 is repainted, 0 is kept. */
export type Mask = Uint8Array

export function invertMask(mask: Mask): Mask {
  return mask.map((value) => 255 - value)
}

/** Every masked pixel becomes a square of side 2·radius + 1: rows first, then columns. Grey keeps its value. */
export function growMask(mask: Mask, width: number, height: number, radius: number): Mask {
  const rows = largestAround(mask, height, width, width, 1, radius)
  return largestAround(rows, width, height, 1, width, radius)
}

/** The largest value within `radius` along one axis, for `lines` lines of `length` pixels. */
function largestAround(
  mask: Mask,
  lines: number,
  length: number,
  lineStride: number,
  stride: number,
  radius: number,
): Mask {
  const out = new Uint8Array(mask.length)
  for (let line = 0; line < lines; line++) {
    const start = line * lineStride
    for (let i = 0; i < length; i++) {
      const value = mask[start + i * stride] as number
      if (value === 0) continue
      const last = Math.min(length - 1, i + radius)
      for (let j = Math.max(0, i - radius); j <= last; j++) {
        const index = start + j * stride
        if ((out[index] as number) < value) out[index] = value
      }
    }
  }
  return out
}

export function isEmptyMask(mask: Mask): boolean {
  return mask.every((value) => value === 0)
}

/** The mask in a layer whose opacity is the mask. */
export function maskOfAlpha({ data }: Pixels): Mask {
  return Uint8Array.from({ length: data.length / 4 }, (_, index) => data[index * 4 + 3] as number)
}

/** The mask in an uploaded black and white picture: its luma (ITU-R BT.601), with transparent parts black. */
export function maskOfLuma({ data }: Pixels): Mask {
  return Uint8Array.from({ length: data.length / 4 }, (_, index) => {
    const channel = (offset: number) => data[index * 4 + offset] as number
    const luma = 0.299 * channel(0) + 0.587 * channel(1) + 0.114 * channel(2)
    return Math.round((luma * channel(3)) / 255)
  })
}

/** White pixels whose opacity is the mask: what the mask layer holds. */
export function alphaOfMask(mask: Mask): Uint8ClampedArray<ArrayBuffer> {
  const data = new Uint8ClampedArray(mask.length * 4).fill(255)
  for (let index = 0; index < mask.length; index++) data[index * 4 + 3] = mask[index] as number
  return data
}

/** Opaque grey pixels that show the mask, white where it repaints: what the api takes. */
export function greyOfMask(mask: Mask): Uint8ClampedArray<ArrayBuffer> {
  const data = new Uint8ClampedArray(mask.length * 4)
  for (let index = 0; index < mask.length; index++) {
    data.fill(mask[index] as number, index * 4, index * 4 + 3)
    data[index * 4 + 3] = 255
  }
  return data
}
