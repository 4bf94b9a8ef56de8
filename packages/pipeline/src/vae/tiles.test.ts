import fc from 'fast-check'
import { expect, test } from 'vitest'
import { blendWeights, cutAxis, cutPlane } from './tiles.ts'

const axis = fc.record({ length: fc.integer({ min: 1, max: 300 }), limit: fc.integer({ min: 4, max: 140 }) })

test('spans cover the axis, keep to the limit and touch only their neighbours', () => {
  fc.assert(
    fc.property(axis, ({ length, limit }) => {
      const spans = cutAxis(length, limit)
      expect(spans[0].start).toBe(0)
      expect(spans.at(-1)).toEqual({ start: length - spans[0].length, length: spans[0].length })
      spans.forEach((span, i) => {
        expect(span.length).toBeLessThanOrEqual(limit)
        if (i > 0) expect(span.start).toBeLessThan(spans[i - 1].start + spans[i - 1].length)
        if (i > 1) expect(span.start).toBeGreaterThanOrEqual(spans[i - 2].start + spans[i - 2].length)
      })
    }),
  )
})

test('the weights of each position sum to 1, and none is negative', () => {
  fc.assert(
    fc.property(axis, fc.constantFrom(1, 8), ({ length, limit }, scale) => {
      const spans = cutAxis(length, limit)
      const sums = new Float64Array(length * scale)
      spans.forEach((span, i) => {
        blendWeights(spans, i, scale).forEach((weight, k) => {
          sums[span.start * scale + k] += weight < 0 ? Number.NaN : weight
        })
      })
      expect(sums.every((sum) => Math.abs(sum - 1) < 1e-12)).toBe(true)
    }),
  )
})

test('a tile counts nothing near an edge that has a neighbour, and all along an edge of the picture', () => {
  const spans = cutAxis(256, 128)
  const [first] = spans.map((_, i) => blendWeights(spans, i, 8))
  expect(first[0]).toBe(1)
  expect([...first.slice(-32)]).toEqual(Array(32).fill(0))
})

test('what fits is one tile; narrow pictures are cut along one side', () => {
  const counts = (width: number, height: number, area: number): number[] => {
    const { columns, rows } = cutPlane(width, height, area)
    return [columns.length, rows.length]
  }
  expect(counts(128, 128, 16384)).toEqual([1, 1])
  expect(counts(256, 64, 16384)).toEqual([1, 1])
  expect(counts(256, 80, 16384)).toEqual([2, 1])
  expect(counts(80, 256, 16384)).toEqual([1, 2])
  expect(counts(256, 256, 16384)).toEqual([3, 3])
})

test('no tile is larger than the area', () => {
  const side = fc.integer({ min: 8, max: 256 })
  fc.assert(
    fc.property(side, side, fc.integer({ min: 256, max: 16384 }), (width, height, area) => {
      const { columns, rows } = cutPlane(width, height, area)
      expect(columns[0].length * rows[0].length).toBeLessThanOrEqual(area)
    }),
  )
})
