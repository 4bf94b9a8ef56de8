import { expect, test } from 'vitest'
import { guidanceEmbedding, guide } from './guidance.ts'

const cond = Float32Array.of(1, 2, 3, 5)
const uncond = Float32Array.of(0, 1, 4, 4)

test('goes from uncond through cond as far as the scale says', () => {
  const out = new Float32Array(4)
  guide(out, cond, uncond, 1, 0)
  expect([...out]).toEqual([1, 2, 3, 5])
  guide(out, cond, uncond, 3, 0)
  expect([...out]).toEqual([3, 4, 1, 7])
})

test('rescaled fully, the spread is that of cond', () => {
  const out = new Float32Array(4)
  guide(out, cond, uncond, 7, 1)
  const spread = (values: Float32Array): number => {
    const mean = values.reduce((sum, value) => sum + value) / values.length
    return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1))
  }
  expect(spread(out)).toBeCloseTo(spread(cond), 5)
})

test('a distilled model is told the scale as sines and cosines, all of 0 at scale 1', () => {
  expect([...guidanceEmbedding(1, 6)]).toEqual([0, 0, 0, 1, 1, 1])
  // diffusers' get_guidance_scale_embedding(torch.tensor([7.5]), embedding_dim=4)
  const expected = [Math.sin(7500), Math.sin(0.75), Math.cos(7500), Math.cos(0.75)]
  guidanceEmbedding(8.5, 4).forEach((value, i) => {
    expect(value).toBeCloseTo(expected[i], 5)
  })
})
