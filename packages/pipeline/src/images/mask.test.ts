import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { GrayImage } from '../request.ts'
import { growMask, maskBounds } from './mask.ts'
import { masks } from './masks.testing.ts'

function at({ width, height, data }: GrayImage, x: number, y: number): number {
  return x < 0 || y < 0 || x >= width || y >= height ? 0 : data[y * width + x]
}

test('growing takes the largest value of the square around each pixel', () => {
  fc.assert(
    fc.property(masks, fc.integer({ min: 0, max: 8 }), (mask, radius) => {
      const grown = growMask(mask, radius)
      for (let y = 0; y < mask.height; y++) {
        for (let x = 0; x < mask.width; x++) {
          let largest = 0
          for (let v = y - radius; v <= y + radius; v++) {
            for (let u = x - radius; u <= x + radius; u++) largest = Math.max(largest, at(mask, u, v))
          }
          expect(at(grown, x, y)).toBe(largest)
        }
      }
    }),
    { numRuns: 30 },
  )
})

test('bounds hold every value above 0 and no smaller box does', () => {
  fc.assert(
    fc.property(masks, (mask) => {
      const bounds = maskBounds(mask)
      const inside = [...mask.data.keys()].filter((i) => mask.data[i] > 0)
      if (inside.length === 0) {
        expect(bounds).toBeNull()
        return
      }
      const xs = inside.map((i) => i % mask.width)
      const ys = inside.map((i) => Math.floor(i / mask.width))
      expect(bounds).toEqual([Math.min(...xs), Math.min(...ys), Math.max(...xs) + 1, Math.max(...ys) + 1])
    }),
  )
})
