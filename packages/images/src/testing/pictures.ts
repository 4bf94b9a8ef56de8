import { sharp } from '../codec.ts'
import type { ImageFormat } from '../image.ts'

/** A repeatable picture with smooth parts and noise, `channels` bytes a pixel. */
export function testPixels(width: number, height: number, channels: number): Buffer {
  const data = Buffer.alloc(width * height * channels)
  let state = 12345
  for (let i = 0; i < data.length; i++) {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0
    const at = Math.floor(i / channels)
    data[i] = ((at % width) * 3 + Math.floor(at / width) * 2 + (state >>> 27)) & 255
  }
  return data
}

export function testFile(format: ImageFormat, width: number, height: number, channels: 3 | 4 = 3): Promise<Buffer> {
  const raw = { width, height, channels }
  return sharp(testPixels(width, height, channels), { raw })
    .toFormat(format)
    .toBuffer()
}

/** Those of the wire contract. */
export const testLimits = { maxPixels: 16_800_000, maxSide: 16_384, maxAspect: 64, maxSeconds: 10 }
