import { describe, expect, it } from 'vitest'
import { decodeRgb } from './decode.ts'
import { encode } from './encode.ts'
import type { ImageFormat } from './image.ts'
import { readMetadata } from './read-metadata.ts'
import { scalePicture } from './scale.ts'

const limits = { maxPixels: 1e6, maxSide: 4096, maxAspect: 64, maxSeconds: 5 }
const metadata = { parametersText: 'a café, 日本\nSteps: 5, Seed: 7', json: '{"model":"m","p":"日本"}' }

/** Left half red, right half blue. */
const data = Uint8Array.from(
  { length: 16 * 8 * 3 },
  (_, i) => (Math.floor(i / 3) % 16 < 8 ? [220, 10, 10] : [10, 10, 220])[i % 3] ?? 0,
)

describe.each(['png', 'jpeg', 'webp'] satisfies ImageFormat[])('a %s', (format) => {
  const whole = encode({ width: 16, height: 8, data }, { format, quality: format === 'png' ? null : 90, metadata })

  it('tells how it was made', async () => {
    const { parametersText, json } = (await readMetadata(await whole)) ?? {}
    expect(parametersText).toBe(metadata.parametersText)
    expect(JSON.parse(json ?? '')).toEqual(JSON.parse(metadata.json))
    const bare = await encode({ width: 16, height: 8, data }, { format, quality: 90, metadata: null })
    expect(await readMetadata(bare)).toBeNull()
    expect(await readMetadata((await whole).subarray(0, 60))).toBeNull()
  })

  it('is scaled, and stays what it is', async () => {
    const scaled = await scalePicture(await whole, { size: () => ({ width: 48, height: 40 }), quality: 90 }, limits)
    const { image } = await decodeRgb(scaled, limits)
    expect([image.width, image.height]).toEqual([48, 40])
    expect(image.data[(20 * 48 + 5) * 3]).toBeGreaterThan(200)
    expect(image.data[(20 * 48 + 42) * 3]).toBeLessThan(30)
    expect((await readMetadata(scaled))?.parametersText).toBe(metadata.parametersText)
    expect(scaled).toEqual(
      await scalePicture(await whole, { size: () => ({ width: 48, height: 40 }), quality: 90 }, limits),
    )
  })
})

it('is cut or continued where its shape is another', async () => {
  const whole = await encode({ width: 16, height: 8, data }, { format: 'png', quality: null, metadata: null })
  const red = async (fit: 'crop' | 'fill', size: { width: number; height: number }) => {
    const { image } = await decodeRgb(
      await scalePicture(whole, { size: () => size, fit, quality: null }, limits),
      limits,
    )
    expect([image.width, image.height]).toEqual([size.width, size.height])
    return (x: number, y: number) => image.data[(y * size.width + x) * 3]
  }
  const cut = await red('crop', { width: 8, height: 8 })
  expect([cut(1, 4), cut(6, 4)]).toEqual([220, 10])
  const tall = await red('fill', { width: 16, height: 33 })
  expect([tall(2, 0), tall(13, 0), tall(2, 32), tall(13, 32)]).toEqual([220, 10, 220, 10])
  const wide = await red('fill', { width: 40, height: 8 })
  expect([wide(0, 0), wide(12, 7), wide(28, 0), wide(39, 7)]).toEqual([220, 220, 10, 10])
})
