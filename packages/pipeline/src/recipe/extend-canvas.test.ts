import fc from 'fast-check'
import { expect, test } from 'vitest'
import { families } from '../folder/families.ts'
import { plainInpaint } from '../parity/pipeline-cases.ts'
import type { InpaintRequest, RgbImage } from '../request.ts'
import { extendCanvas } from './extend-canvas.ts'
import { workingMask } from './working-mask.ts'
import { workingPicture } from './working-picture.ts'

const { latents } = families.sd1
const by = fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 40 }))
const asked = fc.record({
  width: fc.integer({ min: 1, max: 90 }),
  height: fc.integer({ min: 1, max: 90 }),
  spread: fc.nat(255),
  masks: fc.boolean(),
  settings: fc.record({
    extendLeft: by,
    extendTop: by,
    extendRight: by,
    extendBottom: by,
    maskBlur: fc.nat(9),
    maskGrow: fc.nat(5),
    inpaintArea: fc.constantFrom('whole' as const, 'masked'),
    maskedContent: fc.constantFrom('original' as const, 'fill', 'noise', 'empty'),
  }),
})
type Asked = typeof asked extends fc.Arbitrary<infer T> ? T : never

/** A picture in which neighbours differ, and a mask over its left third, or over nothing. */
function requestOf({ width, height, spread, masks, settings }: Asked): InpaintRequest {
  const image = { width, height, data: Uint8Array.from({ length: width * height * 3 }, (_, i) => (i * spread) % 251) }
  const third = (i: number) => (masks && i % width < width / 3 ? 255 : 0)
  const mask = { width, height, data: Uint8Array.from({ length: width * height }, (_, i) => third(i)) }
  return plainInpaint(image, mask, settings)
}

function extended(request: InpaintRequest): InpaintRequest {
  const { image, ...rest } = extendCanvas(request) as InpaintRequest
  return { ...rest, image, width: image.width, height: image.height }
}

const pixel = ({ width, data }: RgbImage, x: number, y: number) =>
  data.subarray((y * width + x) * 3, (y * width + x) * 3 + 3)
const within = (value: number, size: number) => Math.min(size - 1, Math.max(0, value))

test('the canvas is the picture with its edges going on, and all of the new part is masked', () => {
  fc.assert(
    fc.property(asked, (one) => {
      const request = requestOf(one)
      const { extendLeft: left, extendTop: top, extendRight, extendBottom } = one.settings
      const { image, inpaint } = extended(request)
      const { width, height } = image
      expect([width, height]).toEqual([left + one.width + extendRight, top + one.height + extendBottom])
      expect([inpaint.mask.width, inpaint.mask.height]).toEqual([width, height])
      for (let y = 0; y < height; y++)
        for (let x = 0; x < width; x++) {
          const [fromX, fromY] = [within(x - left, one.width), within(y - top, one.height)]
          if (pixel(image, x, y).some((value, c) => value !== pixel(request.image, fromX, fromY)[c]))
            throw new Error(`${x}, ${y} is not ${fromX}, ${fromY}`)
          const isNew = fromX !== x - left || fromY !== y - top
          const value = inpaint.mask.data[y * width + x] ?? 0
          if (isNew && value !== 255) throw new Error(`${x}, ${y} is new and kept`)
          if (!isNew && value < (request.inpaint.mask.data[fromY * one.width + fromX] ?? 0))
            throw new Error(`${x}, ${y} was masked and is kept`)
        }
      expect(extendCanvas(extendCanvas(request))).toEqual(extendCanvas(request))
    }),
    { numRuns: 150 },
  )
})

test('away from the seam every pixel of the picture comes back, and the new part is all painted', () => {
  let kept = 0
  fc.assert(
    fc.property(asked, (one) => {
      const { extendLeft: left, extendTop: top, extendRight: right, extendBottom: bottom } = one.settings
      fc.pre(left + top + right + bottom > 0)
      const request = extended(requestOf({ ...one, masks: false }))
      const { width, height } = request
      const painted = { width, height, data: new Uint8Array(width * height * 3).fill(255) }
      const result = workingPicture(request, workingMask(request), latents).finish(painted)
      expect([result.width, result.height]).toEqual([width, height])
      const { maskBlur, maskGrow } = one.settings
      // What is painted beside the seam, and as much again that the blur of that reaches.
      const reach = 2 * Math.ceil(2.5 * maskBlur) + maskGrow + 1
      for (let y = 0; y < height; y++)
        for (let x = 0; x < width; x++) {
          const outside = x < left || y < top || x >= width - right || y >= height - bottom
          const gaps = [
            left ? x - left : 999,
            top ? y - top : 999,
            right ? width - right - 1 - x : 999,
            bottom ? height - bottom - 1 - y : 999,
          ]
          const now = pixel(result, x, y)
          if (outside && now.some((value) => value !== 255)) throw new Error(`${x}, ${y} is not painted`)
          if (Math.min(...gaps) < reach) continue
          kept++
          if (now.some((value, c) => value !== pixel(request.image, x, y)[c])) throw new Error(`${x}, ${y} is changed`)
        }
    }),
    { numRuns: 150 },
  )
  expect(kept).toBeGreaterThan(10_000)
})

test('at the seam the picture runs into what is painted, evenly and without a jump', () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 9 }), fc.constantFrom('whole' as const, 'masked'), (maskBlur, area) => {
      const [width, height] = [90, 8]
      const image = { width, height, data: new Uint8Array(width * height * 3) }
      const mask = { width, height, data: new Uint8Array(width * height) }
      const settings = { maskBlur, inpaintArea: area, extendRight: 30, maskPadding: 200 }
      const request = extended(plainInpaint(image, mask, settings))
      const painted = { ...request.image, data: new Uint8Array(request.image.data.length).fill(255) }
      const result = workingPicture(request, workingMask(request), latents).finish(painted)
      const row = Array.from({ length: result.width }, (_, x) => pixel(result, x, 4)[0] ?? 0)
      expect(row).toEqual(row.toSorted((a, b) => a - b))
      expect([row[0], row[width], row.at(-1)]).toEqual([0, 255, 255])
      const jumps = row.slice(1).map((value, x) => value - (row[x] ?? 0))
      expect(Math.max(...jumps)).toBeLessThan(255 / maskBlur)
    }),
    { numRuns: 20 },
  )
})

test('what does not grow stays as it is', () => {
  const settings = { extendLeft: 0, extendTop: 0, extendRight: 0, extendBottom: 0 }
  const request = plainInpaint(
    { width: 1, height: 1, data: new Uint8Array(3) },
    {
      width: 1,
      height: 1,
      data: new Uint8Array(1),
    },
    settings,
  )
  expect(extendCanvas(request)).toBe(request)
})
