import { expect, it } from 'vitest'
import { previewLatents } from './preview.ts'

const factors = [
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
  [0.5, 0.5, 0.5],
]

it('maps the channels of the first image, clamped', () => {
  // Two images of 1×2 latents; only the first counts.
  const latents = Float32Array.of(-1, 1, 0, 0, 1, 9, 0, -2, 7, 7, 7, 7, 7, 7, 7, 7)
  const image = previewLatents({ factors, bias: [0, 0, 0] }, latents, { height: 1, width: 2 })
  expect(image).toEqual({ width: 2, height: 1, data: Uint8Array.of(0, 128, 255, 128, 0, 255) })
})

it('adds the bias', () => {
  const image = previewLatents({ factors, bias: [1, 0, -1] }, new Float32Array(4), { height: 1, width: 1 })
  expect([...image.data]).toEqual([255, 128, 0])
})
