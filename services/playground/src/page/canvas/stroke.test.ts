import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type StrokePoint, smoothPath, strokeBounds, strokeOutline } from './stroke.ts'

const line: StrokePoint[] = Array.from({ length: 20 }, (_, i) => [10 + i * 5, 50, 0.5])

/** Width of a stroke along y, at its middle. */
function widthOf(points: StrokePoint[], pressure: boolean): number {
  const ys = strokeOutline(points, { size: 20, pressure }).map(([, y]) => y)
  return Math.max(...ys) - Math.min(...ys)
}

describe('strokeOutline', () => {
  it('is as wide as the brush', () => {
    expect(widthOf(line, false)).toBeCloseTo(20, 0)
  })

  it('narrows with a light pen, and only with a pen', () => {
    const light = line.map(([x, y]): StrokePoint => [x, y, 0.1])
    expect(widthOf(light, true)).toBeLessThan(14)
    expect(widthOf(light, false)).toBeCloseTo(20, 0)
  })

  it('makes a dot of one point', () => {
    const xs = strokeOutline([[30, 30, 0.5]], { size: 20, pressure: false }).map(([x]) => x)
    expect(Math.max(...xs) - Math.min(...xs)).toBeGreaterThan(15)
  })
})

describe('smoothPath', () => {
  it('goes through the middle of every edge and closes', () => {
    expect(
      smoothPath([
        [0, 0],
        [4, 0],
        [4, 4],
      ]),
    ).toBe('M2 2Q0 0 2 0Q4 0 4 2Q4 4 2 2Z')
    expect(smoothPath([])).toBe('')
  })
})

describe('strokeBounds', () => {
  it('holds the whole outline', () => {
    const point = fc.tuple(fc.integer({ min: 0, max: 500 }), fc.integer({ min: 0, max: 500 }), fc.constant(0.5))
    fc.assert(
      fc.property(fc.array(point, { minLength: 1, maxLength: 12 }), fc.integer({ min: 2, max: 80 }), (points, size) => {
        const bounds = strokeBounds(points, size)
        for (const [x, y] of strokeOutline(points, { size, pressure: false })) {
          expect(x).toBeGreaterThanOrEqual(bounds.left)
          expect(x).toBeLessThanOrEqual(bounds.right)
          expect(y).toBeGreaterThanOrEqual(bounds.top)
          expect(y).toBeLessThanOrEqual(bounds.bottom)
        }
      }),
    )
  })
})
