import { expect, test } from 'vitest'
import { batchRandn, type Randn } from './generator.ts'
import { philoxRandn } from './philox.ts'
import { torchCpuRandn } from './torch-cpu.ts'
import { slerp, variationRandn } from './variation.ts'

const latents = 4 * 64 * 64
const shape = { channels: 4, height: 8, width: 6 }

function draw(randn: Randn, count: number): Float32Array {
  const out = new Float32Array(count)
  randn(out)
  return out
}

test.each([
  [0, [-1.12584, -1.15236, -0.25058, -0.43388]],
  [42, [1.92692, 1.48728, 0.90072, -2.10552]],
  [1234, [-0.11172, -0.49659, 0.16307, -0.88169]],
])('torch.randn(4, 64, 64) with seed %d', (seed, first) => {
  const noise = draw(torchCpuRandn(seed), latents)
  first.forEach((value, i) => {
    expect(noise[i]).toBeCloseTo(value, 4.8)
  })
})

test('torch uses the low 32 bits of a seed, CUDA all 64', () => {
  expect(draw(torchCpuRandn(2 ** 32 + 5), 64)).toEqual(draw(torchCpuRandn(5), 64))
  expect(draw(torchCpuRandn(2n ** 63n + 5n), 64)).toEqual(draw(torchCpuRandn(5), 64))
  expect(draw(philoxRandn(2 ** 32 + 5), 64)).not.toEqual(draw(philoxRandn(5), 64))
})

test.each([
  [0, [-0.9246624, -0.425344, -2.6438458, 0.1451839]],
  [42, [0.1940189, 2.1613739, -0.172051, 0.84906]],
  [1234, [-1.6164904, 0.5684552, -0.5102246]],
])('the Philox stream of seed %d', (seed, first) => {
  const randn = philoxRandn(seed)
  const noise = draw(randn, latents)
  first.forEach((value, i) => {
    expect(noise[i]).toBeCloseTo(value, 6)
  })
  expect(draw(randn, latents)).not.toEqual(noise)
})

test.each([
  ['torch', torchCpuRandn],
  ['philox', philoxRandn],
])('%s noise is standard normal, and no two seeds share it', (_, make) => {
  const noise = draw(make(7), latents)
  const mean = noise.reduce((sum, value) => sum + value, 0) / latents
  const variance = noise.reduce((sum, value) => sum + (value - mean) ** 2, 0) / latents
  expect(Math.abs(mean)).toBeLessThan(0.03)
  expect(Math.abs(variance - 1)).toBeLessThan(0.03)
  expect(draw(make(7), latents)).toEqual(noise)
  const other = draw(make(8), latents)
  const correlation = noise.reduce((sum, value, i) => sum + value * other[i], 0) / latents
  expect(Math.abs(correlation)).toBeLessThan(0.03)
})

test('a batch holds what each image draws alone', () => {
  const randn = batchRandn([3, 4, 5].map((seed) => torchCpuRandn(seed)))
  const images = [3, 4, 5].map((seed) => torchCpuRandn(seed))
  for (let round = 0; round < 2; round++) {
    const batch = draw(randn, 3 * 20)
    images.forEach((image, i) => {
      expect(batch.slice(i * 20, (i + 1) * 20)).toEqual(draw(image, 20))
    })
  }
  expect(() => draw(randn, 61)).toThrow(RangeError)
})

test('a variation turns the first draw only', () => {
  const count = shape.channels * shape.height * shape.width
  const base = torchCpuRandn(1)
  const turned = variationRandn(torchCpuRandn(1), torchCpuRandn(2), 0.4, shape)
  expect(draw(turned, count)).not.toEqual(draw(base, count))
  expect(draw(turned, count)).toEqual(draw(base, count))
})

test('a variation of strength 0 changes nothing, of strength 1 is the other noise', () => {
  const count = shape.channels * shape.height * shape.width
  expect(draw(variationRandn(torchCpuRandn(1), torchCpuRandn(2), 0, shape), count)).toEqual(
    draw(torchCpuRandn(1), count),
  )
  const other = draw(torchCpuRandn(2), count)
  draw(variationRandn(torchCpuRandn(1), torchCpuRandn(2), 1, shape), count).forEach((value, i) => {
    expect(value).toBeCloseTo(other[i], 5)
  })
})

test('slerp keeps the length of columns of one length', () => {
  const column = { channels: 1, height: 3, width: 1 }
  const low = Float32Array.of(1, 2, 2)
  slerp(0.3, low, Float32Array.of(2, -1, 2), column)
  expect(Math.hypot(...low)).toBeCloseTo(3, 5)
})
