import fc from 'fast-check'
import { expect, test } from 'vitest'
import { correctColors } from './color-correction.ts'
import { labToRgb, rgbToLab } from './lab.ts'

const bytes = fc.uint8Array({ minLength: 300, maxLength: 300 })

function meanOf(data: Uint8Array, channel: number): number {
  let sum = 0
  for (let i = channel; i < data.length; i += 3) sum += data[i]
  return (sum * 3) / data.length
}

test('Lab there and back loses little on average', () => {
  fc.assert(
    fc.property(bytes, (rgb) => {
      const back = labToRgb(rgbToLab(rgb))
      const lost = rgb.reduce((sum, value, i) => sum + Math.abs(value - back[i]), 0) / rgb.length
      expect(lost).toBeLessThan(2.5)
    }),
  )
})

test('greys have no colour, white is full', () => {
  expect([...rgbToLab(Uint8Array.of(0, 0, 0, 255, 255, 255))]).toEqual([0, 128, 128, 255, 128, 128])
})

test('a cast is taken out and the light is kept', () => {
  const reference = {
    width: 64,
    height: 4,
    data: Uint8Array.from({ length: 768 }, (_, i) => 60 + Math.floor(i / 3 / 2)),
  }
  const tinted = {
    ...reference,
    data: reference.data.map((value, i) => (i % 3 === 0 ? Math.min(255, value + 50) : value)),
  }
  const corrected = correctColors(tinted, reference)
  for (const channel of [0, 2]) {
    const castBefore = Math.abs(meanOf(tinted.data, channel) - meanOf(tinted.data, 1))
    const castAfter = Math.abs(meanOf(corrected.data, channel) - meanOf(corrected.data, 1))
    expect(castAfter).toBeLessThan(Math.max(castBefore / 5, 2))
  }
  const light = (data: Uint8Array) => 0.299 * meanOf(data, 0) + 0.587 * meanOf(data, 1) + 0.114 * meanOf(data, 2)
  expect(Math.abs(light(corrected.data) - light(tinted.data))).toBeLessThan(2)
})
