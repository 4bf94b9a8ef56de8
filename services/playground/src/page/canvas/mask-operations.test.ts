import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  alphaOfMask,
  greyOfMask,
  growMask,
  invertMask,
  isEmptyMask,
  maskOfAlpha,
  maskOfLuma,
} from './mask-operations.ts'

const sized = fc
  .record({ width: fc.integer({ min: 1, max: 8 }), height: fc.integer({ min: 1, max: 8 }) })
  .chain(({ width, height }) =>
    fc.record({
      width: fc.constant(width),
      height: fc.constant(height),
      mask: fc.uint8Array({ minLength: width * height, maxLength: width * height }),
    }),
  )

describe('growMask', () => {
  it('makes a square of one pixel, cut at the edges', () => {
    const mask = new Uint8Array(20)
    mask[6] = 200
    const rows = (grown: Uint8Array) => Array.from({ length: 4 }, (_, y) => [...grown.subarray(y * 5, y * 5 + 5)])
    expect(rows(growMask(mask, 5, 4, 1))).toEqual([
      [200, 200, 200, 0, 0],
      [200, 200, 200, 0, 0],
      [200, 200, 200, 0, 0],
      [0, 0, 0, 0, 0],
    ])
    expect(growMask(mask, 5, 4, 0)).toEqual(mask)
  })

  it('is the largest value of the square around each pixel', () => {
    fc.assert(
      fc.property(sized, fc.integer({ min: 0, max: 4 }), ({ width, height, mask }, radius) => {
        const grown = growMask(mask, width, height, radius)
        for (let y = 0; y < height; y++)
          for (let x = 0; x < width; x++) {
            let largest = 0
            for (let v = Math.max(0, y - radius); v <= Math.min(height - 1, y + radius); v++)
              for (let u = Math.max(0, x - radius); u <= Math.min(width - 1, x + radius); u++)
                largest = Math.max(largest, mask[v * width + u]!)
            expect(grown[y * width + x]).toBe(largest)
          }
      }),
    )
  })
})

describe('masks and pixels', () => {
  it('inverts twice to itself', () => {
    fc.assert(
      fc.property(sized, ({ mask }) => {
        expect(invertMask(invertMask(mask))).toEqual(mask)
      }),
    )
  })

  it('reads back what it wrote, as opacity and as grey', () => {
    fc.assert(
      fc.property(sized, ({ width, height, mask }) => {
        expect(maskOfAlpha({ data: alphaOfMask(mask), width, height })).toEqual(mask)
        expect(maskOfLuma({ data: greyOfMask(mask), width, height })).toEqual(mask)
      }),
    )
  })

  it('takes the luma of colours, and nothing from what is transparent', () => {
    const data = Uint8ClampedArray.from([255, 0, 0, 255, 0, 255, 0, 255, 255, 255, 255, 0])
    expect([...maskOfLuma({ data, width: 3, height: 1 })]).toEqual([76, 150, 0])
  })

  it('knows an empty mask', () => {
    expect(isEmptyMask(new Uint8Array(4))).toBe(true)
    expect(isEmptyMask(Uint8Array.of(0, 0, 1))).toBe(false)
  })
})
