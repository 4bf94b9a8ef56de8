import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { GrayImage, RgbImage } from '../request.ts'
import { cropRegion } from './crop-region.ts'
import { blurReach, cvGaussianBlur } from './cv-gaussian-blur.ts'
import { maskBounds } from './mask.ts'
import { fillMasked } from './masked-fill.ts'
import { applyOverlay, makeOverlay, overlayMask } from './overlay.ts'

const width = 40
const height = 28

const pictures = fc
  .uint8Array({ minLength: width * height * 3, maxLength: width * height * 3 })
  .map((data): RgbImage => ({ width, height, data }))

function flatMask(value: number): GrayImage {
  return { width, height, data: new Uint8Array(width * height).fill(value) }
}

function boxMask(x1: number, y1: number, x2: number, y2: number): GrayImage {
  const mask = flatMask(0)
  for (let y = y1; y < y2; y++) mask.data.fill(255, y * width + x1, y * width + x2)
  return mask
}

function pixel(image: RgbImage, i: number): number[] {
  return [...image.data.subarray(i * 3, i * 3 + 3)]
}

test('a black mask gives the original back, a white one the result', () => {
  fc.assert(
    fc.property(pictures, pictures, (original, result) => {
      expect(applyOverlay(result, makeOverlay(original, flatMask(0)), null)).toEqual(original)
      expect(applyOverlay(result, makeOverlay(original, flatMask(255)), null)).toEqual(result)
    }),
    { numRuns: 20 },
  )
})

test('pixels farther than the blur reaches are exactly those of the original', () => {
  const mask = boxMask(15, 10, 20, 14)
  fc.assert(
    fc.property(pictures, pictures, fc.constantFrom(0, 1, 2, 4), (original, result, sigma) => {
      const blurred = cvGaussianBlur(mask, sigma)
      const box = cropRegion(blurred, 3, 64, 64)
      const wholes = applyOverlay(result, makeOverlay(original, overlayMask(blurred)), null)
      const masked = applyOverlay(result, makeOverlay(original, blurred), box)
      expect([masked.width, masked.height]).toEqual([width, height])
      for (let i = 0; i < width * height; i++) {
        const [x, y] = [i % width, Math.floor(i / width)]
        const distance = Math.max(15 - x, x - 19, 10 - y, y - 13)
        if (distance <= blurReach(sigma)) continue
        expect(pixel(wholes, i)).toEqual(pixel(original, i))
        expect(pixel(masked, i)).toEqual(pixel(original, i))
      }
    }),
    { numRuns: 20 },
  )
})

test('where the mask is at least half, the result of a whole picture is kept', () => {
  const original = { width, height, data: new Uint8Array(width * height * 3).fill(10) }
  const result = { width, height, data: new Uint8Array(width * height * 3).fill(200) }
  expect(applyOverlay(result, makeOverlay(original, overlayMask(flatMask(128))), null)).toEqual(result)
})

test('filling leaves what is not masked alone and takes the colours around the hole', () => {
  const mask = boxMask(10, 8, 30, 20)
  const original = {
    width,
    height,
    data: Uint8Array.from({ length: width * height * 3 }, (_, i) => [200, 40, 90][i % 3]),
  }
  for (let i = 0; i < width * height; i++) if (mask.data[i]) original.data.set([0, 255, 0], i * 3)
  const filled = fillMasked(original, mask)
  expect(maskBounds(mask)).toEqual([10, 8, 30, 20])
  for (let i = 0; i < width * height; i++) {
    pixel(filled, i).forEach((value, c) => {
      expect(Math.abs(value - [200, 40, 90][c])).toBeLessThanOrEqual(mask.data[i] ? 8 : 0)
    })
  }
})
