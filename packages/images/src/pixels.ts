import { setImmediate as breathe } from 'node:timers/promises'

/** About 5 ms of work: a picture has millions of pixels, and other requests wait while its pixels are gone over. */
const slice = 1 << 18

async function bySlices(pixels: number, work: (from: number, to: number) => void): Promise<void> {
  for (let from = 0; from < pixels; from += slice) {
    if (from > 0) await breathe()
    work(from, Math.min(from + slice, pixels))
  }
}

/** Whether every byte is `value`. */
export function isFilled(data: Uint8Array, value: number): boolean {
  return Buffer.compare(data, Buffer.alloc(data.length, value)) === 0
}

/** PIL's integer compositing of straight RGBA on a plain grey background. */
export async function flatten(rgba: Uint8Array, background: number): Promise<Uint8Array> {
  const pixels = rgba.length / 4
  const rgb = new Uint8Array(pixels * 3)
  await bySlices(pixels, (first, end) => {
    for (let from = first * 4, to = first * 3; from < end * 4; from += 4, to += 3) {
      const alpha = rgba[from + 3]
      const rest = background * (255 - alpha) + 128
      for (let channel = 0; channel < 3; channel++) {
        const t = rgba[from + channel] * alpha + rest
        rgb[to + channel] = ((t >> 8) + t) >> 8
      }
    }
  })
  return rgb
}

export async function takeAlpha(rgba: Uint8Array): Promise<Uint8Array> {
  const alpha = new Uint8Array(rgba.length / 4)
  await bySlices(alpha.length, (from, to) => {
    for (let i = from; i < to; i++) alpha[i] = rgba[i * 4 + 3]
  })
  return alpha
}

export async function invert(data: Uint8Array): Promise<Uint8Array> {
  const inverted = new Uint8Array(data.length)
  await bySlices(data.length, (from, to) => {
    for (let i = from; i < to; i++) inverted[i] = 255 - data[i]
  })
  return inverted
}

/** ITU-R 601 luma in PIL's fixed point; grey stays itself. */
export async function luma(rgb: Uint8Array): Promise<Uint8Array> {
  const grey = new Uint8Array(rgb.length / 3)
  await bySlices(grey.length, (from, to) => {
    for (let i = from; i < to; i++) {
      grey[i] = (rgb[i * 3] * 19595 + rgb[i * 3 + 1] * 38470 + rgb[i * 3 + 2] * 7471 + 0x8000) >> 16
    }
  })
  return grey
}
