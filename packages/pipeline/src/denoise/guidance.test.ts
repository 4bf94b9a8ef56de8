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

// diffusers' rescale_noise_cfg of the same numbers.
test.each([
  [1, [1.96757, 2.248651, -0.843244, 3.091896]],
  [0.7, [3.477299, 3.974056, -1.490271, 5.464327]],
  [0, [7, 8, -3, 11]],
])('rescaled by %d, the spread comes as far back to that of cond', (rescale, expected) => {
  const out = new Float32Array(4)
  guide(out, cond, uncond, 7, rescale)
  out.forEach((value, i) => {
    expect(value).toBeCloseTo(expected[i], 5)
  })
})

test('what has no spread is not rescaled', () => {
  const out = new Float32Array(2)
  guide(out, Float32Array.of(3, 3), Float32Array.of(1, 1), 2, 1)
  expect([...out]).toEqual([5, 5])
})

test('a distilled model is told the scale as sines and cosines, all of 0 at scale 1', () => {
  expect([...guidanceEmbedding(1, 6)]).toEqual([0, 0, 0, 1, 1, 1])
  // diffusers fills an odd one up with a zero.
  expect([...guidanceEmbedding(1, 5)]).toEqual([0, 0, 1, 1, 0])
  // sin and cos of 7500 and 0.75; of 1500, 15 and 0.15: diffusers' get_guidance_scale_embedding at 7.5 and 1.5.
  const expected: [number, number[]][] = [
    [8.5, [-0.8512359, 0.6816388, -0.5247832, 0.7316889]],
    [2.5, [-0.993902, 0.6502878, 0.1494381, -0.1102674, -0.7596879, 0.9887711]],
  ]
  for (const [scale, values] of expected) {
    guidanceEmbedding(scale, values.length).forEach((value, i) => {
      expect(value).toBeCloseTo(values[i], 5)
    })
  }
})
