import { setImmediate as breathe } from 'node:timers/promises'

/** About 5 ms of work: a picture has millions of pixels, and other requests wait while its pixels are gone over. */
const slice = 1 << 18

async function* slices(pixels: number): AsyncGenerator<[from: number, to: number]> {
  for (let from = 0; from < pixels; from += slice) {
    if (from > 0) await breathe()
    yield [from, Math.min(from + slice, pixels)]
  }
}

/** Whether every byte is `value`. */
export function isFilled(data: Uint8Array, value: number): boolean {
  for (let from = 0; from < data.length; from += slice) {
    const part = data.subarray(from, from + slice)
    if (Buffer.compare(part, Buffer.alloc(part.length, value)) !== 0) return false
  }
  return true
}

/** Whether no pixel of RGB or RGBA has any light. Ends at the first that has. */
export async function isBlack(data: Uint8Array, channels: number): Promise<boolean> {
  if (channels === 3) return isFilled(data, 0)
  for await (const [from, to] of slices(data.length / channels)) {
    for (let at = from * channels; at < to * channels; at += channels) {
      if ((data[at] | data[at + 1] | data[at + 2]) !== 0) return false
    }
  }
  return true
}

/** PIL's integer compositing of one channel of straight RGBA on a plain grey background. */
function onGrey(value: number, alpha: number, background: number): number {
  const t = value * alpha + background * (255 - alpha) + 128
  return ((t >> 8) + t) >> 8
}

/** RGB on a plain grey background. */
export async function flatten(rgba: Uint8Array, background: number): Promise<Uint8Array> {
  const pixels = rgba.length / 4
  const rgb = new Uint8Array(pixels * 3)
  for await (const [first, end] of slices(pixels)) {
    for (let from = first * 4, to = first * 3; from < end * 4; from += 4, to += 3) {
      const alpha = rgba[from + 3]
      for (let channel = 0; channel < 3; channel++) rgb[to + channel] = onGrey(rgba[from + channel], alpha, background)
    }
  }
  return rgb
}

/** Luma of RGB, or of RGBA on a plain grey background, in one pass: nothing between them is kept. */
export async function toGrey(data: Uint8Array, channels: 3 | 4, background: number): Promise<Uint8Array> {
  const grey = new Uint8Array(data.length / channels)
  for await (const [from, to] of slices(grey.length)) {
    for (let i = from, at = from * channels; i < to; i++, at += channels) {
      const alpha = channels === 4 ? data[at + 3] : 255
      grey[i] = luma(
        onGrey(data[at], alpha, background),
        onGrey(data[at + 1], alpha, background),
        onGrey(data[at + 2], alpha, background),
      )
    }
  }
  return grey
}

/** ITU-R 601 luma in PIL's fixed point; grey stays itself. */
function luma(red: number, green: number, blue: number): number {
  return (red * 19595 + green * 38470 + blue * 7471 + 0x8000) >> 16
}

export async function takeAlpha(rgba: Uint8Array): Promise<Uint8Array> {
  const alpha = new Uint8Array(rgba.length / 4)
  for await (const [from, to] of slices(alpha.length)) {
    for (let i = from; i < to; i++) alpha[i] = rgba[i * 4 + 3]
  }
  return alpha
}

export async function invert(data: Uint8Array): Promise<Uint8Array> {
  const inverted = new Uint8Array(data.length)
  for await (const [from, to] of slices(data.length)) {
    for (let i = from; i < to; i++) inverted[i] = 255 - data[i]
  }
  return inverted
}
