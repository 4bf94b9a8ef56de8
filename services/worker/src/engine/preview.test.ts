import { expect, it } from 'vitest'
import { previewLatents } from './preview.ts'

const factors = [
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
  [0.5, 0.5, 0.5],
]

it('maps the channels of the image that is asked for, clamped', () => {
  const latents = Float32Array.of(-1, 1, 0, 0, 1, 9, 0, -2, 7, 7, 7, 7, 7, 7, 7, 7)
  // Two images of 1×2 latents.
  const shape = { height: 1, width: 2 }
  const image = (index: number) => previewLatents({ factors, bias: [0, 0, 0] }, latents, shape, index)
  expect(image(0)).toEqual({ width: 2, height: 1, data: Uint8Array.of(0, 128, 255, 128, 0, 255) })
  expect(image(1)).toEqual({ width: 2, height: 1, data: new Uint8Array(6).fill(255) })
})

it('adds the bias', () => {
  const image = previewLatents({ factors, bias: [1, 0, -1] }, new Float32Array(4), { height: 1, width: 1 }, 0)
  expect([...image.data]).toEqual([255, 128, 0])
})
