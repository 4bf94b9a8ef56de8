import fc from 'fast-check'
import { expect, it } from 'vitest'
import { fitSize, parseSize, sizeText, sizeWarning } from './fit-size.ts'

const small = { sizes: { min: 64, max: 256, multiple: 8 } }
const usual = { sizes: { min: 64, max: 2048, multiple: 64 } }

it.each([
  ['what the model paints, as it is', [200, 128], small, [200, 128], [200, 128]],
  ['floored to the multiple', [519, 600], usual, [512, 576], [512, 576]],
  ['larger than the model paints', [512, 512], small, [256, 256], [512, 512]],
  ['by one factor for both sides', [1024, 512], small, [256, 128], [1024, 512]],
  ['smaller than the model paints', [32, 48], small, [64, 96], [32, 48]],
  ['so long that one factor is not enough', [2048, 64], small, [256, 64], [2048, 64]],
  ['larger than any model paints', [4096, 2048], small, [256, 128], [2048, 1024]],
])('a size: %s', (_, [width, height], model, painted, result) => {
  const fitted = fitSize({ width: width ?? 0, height: height ?? 0 }, model)
  expect([sizeText(fitted.painted), sizeText(fitted.result)]).toEqual([painted.join('x'), result.join('x')])
  expect(sizeWarning(fitted) === null).toBe(painted.join() === result.join())
})

it('always paints what the model can, and gives what the contract allows', () => {
  const side = fc.integer({ min: 1, max: 100_000 })
  const model = fc
    .record({
      least: fc.integer({ min: 1, max: 8 }),
      more: fc.integer({ min: 1, max: 30 }),
      multiple: fc.constantFrom(8, 16, 64),
    })
    .map(({ least, more, multiple }) => ({ sizes: { min: least * 64, max: (least + more) * 64, multiple } }))
  fc.assert(
    fc.property(side, side, model, (width, height, { sizes }) => {
      const { painted, result } = fitSize({ width, height }, { sizes })
      for (const value of [painted.width, painted.height]) {
        expect(value % sizes.multiple).toBe(0)
        expect(value).toBeGreaterThanOrEqual(sizes.min)
        expect(value).toBeLessThanOrEqual(sizes.max)
      }
      for (const value of [result.width, result.height]) expect(value).toBeGreaterThan(0)
      expect(Math.max(result.width, result.height)).toBeLessThanOrEqual(2048)
      expect(parseSize(sizeText(result))).toEqual(result)
    }),
  )
})
