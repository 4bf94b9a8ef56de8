import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cropRegion } from './crop-region.ts'
import { maskBounds } from './mask.ts'
import { masks } from './masks.testing.ts'

test('the region lies inside the picture, holds what is repainted, and its shape comes as near the target as fits', () => {
  const side = fc.integer({ min: 8, max: 256 }).map((n) => n * 8)
  fc.assert(
    fc.property(masks, fc.integer({ min: 0, max: 40 }), side, side, (mask, padding, width, height) => {
      const region = cropRegion(mask, padding, width, height)
      const bounds = maskBounds(mask)
      if (!region || !bounds) {
        expect(region).toBe(bounds)
        return
      }
      const [x1, y1, x2, y2] = region
      expect(x1).toBeGreaterThanOrEqual(0)
      expect(y1).toBeGreaterThanOrEqual(0)
      expect(x2).toBeLessThanOrEqual(mask.width)
      expect(y2).toBeLessThanOrEqual(mask.height)
      expect(x1).toBeLessThanOrEqual(bounds[0])
      expect(y1).toBeLessThanOrEqual(bounds[1])
      expect(x2).toBeGreaterThanOrEqual(bounds[2])
      expect(y2).toBeGreaterThanOrEqual(bounds[3])
      const isWhole = x2 - x1 === mask.width || y2 - y1 === mask.height
      const off = Math.abs((x2 - x1) * height - (y2 - y1) * width)
      if (!isWhole) expect(off).toBeLessThanOrEqual(Math.max(width, height))
    }),
    { numRuns: 300 },
  )
})

test('a mask that repaints nothing has no region', () => {
  expect(cropRegion({ width: 4, height: 4, data: new Uint8Array(16) }, 32, 64, 64)).toBeNull()
})
