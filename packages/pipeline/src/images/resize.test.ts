import fc from 'fast-check'
import { expect, test } from 'vitest'
import { latentMask } from './latent-resize.ts'
import { masks } from './masks.testing.ts'
import { pilGaussianBlur } from './pil-gaussian-blur.ts'
import { type Filter, pilResize } from './pil-resize.ts'
import { crop } from './raster.ts'
import { type FitMode, fitImage } from './resize-modes.ts'

const filters = fc.constantFrom<Filter>('bilinear', 'bicubic', 'lanczos')
const modes = fc.constantFrom<FitMode>('stretch', 'crop', 'fill')
const side = fc.integer({ min: 1, max: 16 })

function flat(width: number, height: number, color: number[]) {
  return { width, height, data: Uint8Array.from({ length: width * height * 3 }, (_, i) => color[i % 3]) }
}

test('the same size gives the same bytes, in a copy', () => {
  fc.assert(
    fc.property(masks, filters, modes, (image, filter, mode) => {
      const same = pilResize(image, image.width, image.height, filter)
      expect(same).toEqual(image)
      expect(same.data).not.toBe(image.data)
      expect(fitImage(image, image.width, image.height, mode)).toEqual(image)
    }),
  )
})

test('a flat colour stays that colour at every size, in every mode that covers the frame', () => {
  fc.assert(
    fc.property(side, side, side, side, filters, (width, height, toWidth, toHeight, filter) => {
      const image = flat(width, height, [7, 130, 250])
      expect(pilResize(image, toWidth, toHeight, filter)).toEqual(flat(toWidth, toHeight, [7, 130, 250]))
      // Frames of the service are multiples of 8: the strips of fill then always reach the border.
      expect(fitImage(image, 8 * toWidth, 8 * toHeight, 'fill')).toEqual(flat(8 * toWidth, 8 * toHeight, [7, 130, 250]))
    }),
    { numRuns: 40 },
  )
})

test('a window of the result is that part of the whole result', () => {
  fc.assert(
    fc.property(masks, filters, (image, filter) => {
      const whole = pilResize(image, 30, 20, filter)
      const part = pilResize(image, 30, 20, filter, { window: [7, 3, 22, 19] })
      expect({ ...part }).toEqual(crop(whole, [7, 3, 22, 19]))
    }),
  )
})

test('every mode gives the size asked for, even from a line of pixels', () => {
  fc.assert(
    fc.property(side, side, modes, (width, height, mode) => {
      for (const image of [flat(4000, 1, [1, 2, 3]), flat(1, 900, [1, 2, 3])]) {
        const fitted = fitImage(image, width, height, mode)
        expect([fitted.width, fitted.height, fitted.data.length]).toEqual([width, height, width * height * 3])
      }
    }),
    { numRuns: 20 },
  )
})

test('a blur keeps flat colours and sigma 0 keeps everything', () => {
  fc.assert(
    fc.property(masks, fc.constantFrom(0.3, 1, 4, 256), (image, sigma) => {
      const even = flat(image.width, image.height, [9, 99, 199])
      expect(pilGaussianBlur(even, sigma)).toEqual(even)
      expect(pilGaussianBlur(image, 0)).toEqual(image)
    }),
    { numRuns: 30 },
  )
})

test('a latent mask is 0 or 1 when rounded, and in between when not', () => {
  const half = { width: 16, height: 8, data: Uint8Array.from({ length: 128 }, (_, i) => (i % 16 < 12 ? 255 : 0)) }
  expect([...latentMask(half, 2, 1, true)]).toEqual([1, 1])
  const grey = latentMask(half, 2, 1, false)
  expect(grey[0]).toBe(1)
  expect(grey[1]).toBeGreaterThan(0.4)
  expect(grey[1]).toBeLessThan(0.65)
})
