import fc from 'fast-check'
import { expect, test } from 'vitest'
import { blurReach, cvGaussianBlur } from './cv-gaussian-blur.ts'
import { masks } from './masks.testing.ts'

const sigmas = fc.constantFrom(0, 0.5, 1, 2, 4, 7.5, 16, 64)

test('a flat mask stays flat at its value', () => {
  for (const value of [0, 1, 127, 255]) {
    const mask = { width: 30, height: 20, data: new Uint8Array(600).fill(value) }
    for (const sigma of [1, 4, 64]) expect(cvGaussianBlur(mask, sigma)).toEqual(mask)
  }
})

test('nothing farther than the reach is touched', () => {
  const mask = { width: 99, height: 99, data: new Uint8Array(99 * 99) }
  mask.data[49 * 99 + 49] = 255
  for (const sigma of [1, 4, 8]) {
    cvGaussianBlur(mask, sigma).data.forEach((value, i) => {
      const distance = Math.max(Math.abs((i % 99) - 49), Math.abs(Math.floor(i / 99) - 49))
      if (distance > blurReach(sigma)) expect(value).toBe(0)
    })
  }
})

test('stays within the mask’s values and turns with the mask', () => {
  fc.assert(
    fc.property(masks, sigmas, (mask, sigma) => {
      const blurred = cvGaussianBlur(mask, sigma)
      expect(Math.max(...blurred.data)).toBeLessThanOrEqual(Math.max(...mask.data))
      const mirrored = cvGaussianBlur({ ...mask, data: mask.data.slice().reverse() }, sigma)
      expect(mirrored.data.slice().reverse()).toEqual(blurred.data)
    }),
    { numRuns: 60 },
  )
})
