import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type StrokePoint, strokeBounds, strokeSegments } from './stroke.ts'

const plain = { size: 20, pressure: false }
const pen = { size: 20, pressure: true }
const point = fc.tuple(
  fc.integer({ min: 0, max: 500 }),
  fc.integer({ min: 0, max: 500 }),
  fc.double({ min: 0, max: 1, noNaN: true }),
)

describe('strokeSegments', () => {
  it('draws nothing of nothing and a dot of a point', () => {
    expect(strokeSegments([], plain)).toEqual([])
    expect(strokeSegments([[30, 40, 0.5]], plain)).toEqual([{ path: 'M30 40l.01 0', width: 20 }])
  })

  it('goes through the points of the hand, smoothly', () => {
    const corner: StrokePoint[] = [
      [0, 0, 0.5],
      [12, 0, 0.5],
      [12, 12, 0.5],
    ]
    expect(strokeSegments(corner, plain)).toEqual([{ path: 'M0 0C2 0 10 -2 12 0C14 2 12 10 12 12', width: 20 }])
  })

  it('leaves out the grain, but not the end', () => {
    const line: StrokePoint[] = [
      [0, 0, 0.5],
      [1, 1, 0.5],
      [12, 0, 0.5],
      [13, 0, 0.5],
    ]
    expect(strokeSegments(line, plain)[0]?.path).toMatch(/^M0 0C\S+ \S+ \S+ \S+ 13 0$/)
  })

  it('is as wide as the pen presses', () => {
    const widths = (pressure: number) =>
      strokeSegments(
        [
          [0, 0, pressure],
          [9, 0, pressure],
          [18, 0, pressure],
        ],
        pen,
      ).map(({ width }) => width)
    expect(widths(1)).toEqual([20, 20])
    expect(widths(0)).toEqual([4, 4])
  })

  it('is one even segment without pressure, and joined curves with it', () => {
    fc.assert(
      fc.property(fc.array(point, { minLength: 2, maxLength: 12 }), (points) => {
        expect(strokeSegments(points, plain)).toHaveLength(1)
        const curves = strokeSegments(points, pen)
        for (const [index, { path, width }] of curves.entries()) {
          const next = curves[index + 1]
          if (next) expect(path.split(' ').slice(-2).join(' ')).toBe(/^M([^C]+)C/.exec(next.path)?.[1])
          expect(width).toBeGreaterThanOrEqual(4)
          expect(width).toBeLessThanOrEqual(20)
        }
      }),
    )
  })
})

describe('strokeBounds', () => {
  it('holds every point that the curves are made of, with half the width around it', () => {
    fc.assert(
      fc.property(fc.array(point, { minLength: 1, maxLength: 12 }), fc.integer({ min: 1, max: 80 }), (points, size) => {
        const { left, top, right, bottom } = strokeBounds(points, size)
        const numbers = strokeSegments(points, { size, pressure: false }).flatMap(({ path }) =>
          [...path.replace(/l.*/, '').matchAll(/-?[\d.]+/g)].map(Number),
        )
        for (const [index, value] of numbers.entries()) {
          const [low, high] = index % 2 === 0 ? [left, right] : [top, bottom]
          expect(value - size / 2).toBeGreaterThanOrEqual(low)
          expect(value + size / 2).toBeLessThanOrEqual(high)
        }
      }),
    )
  })
})
