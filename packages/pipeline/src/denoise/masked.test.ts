import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Denoiser } from '../samplers/sampler.ts'
import { blendInit, blendNoised, maskedDenoiser, renoisedDenoiser, softMask } from './masked.ts'
import { predictions } from './prediction.ts'

const init = Float32Array.of(1, 2, 3, 4)
const double: Denoiser = async (x, _sigma, out) => {
  for (let k = 0; k < x.length; k++) out[k] = 2 * x[k]
}

test('what the mask keeps is pinned in every image of the batch', async () => {
  const mask = Float32Array.of(1, 0)
  const out = new Float32Array(8)
  await maskedDenoiser(double, init, () => mask)(new Float32Array(8).fill(5), 1, out)
  expect([...out]).toEqual([10, 2, 10, 4, 10, 2, 10, 4])
})

test('a blend stays between both', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (m) => {
      const latents = Float32Array.of(9, 9, 9, 9)
      blendInit(latents, init, Float32Array.of(m, m))
      latents.forEach((value, k) => {
        expect(value).toBeGreaterThanOrEqual(init[k] - 1e-6)
        expect(value).toBeLessThanOrEqual(9)
      })
    }),
  )
})

test('a blend takes each latent by its share, the first one too', () => {
  const latents = Float32Array.of(8, 8, 8, 8)
  blendInit(latents, Float32Array.of(4, 2, 12, 3), Float32Array.of(0.25, 1))
  expect([...latents]).toEqual([5, 8, 11, 8])
  const noised = Float32Array.of(8, 8)
  blendNoised(noised, Float32Array.of(4, 2), Float32Array.of(2, 5), { init: 0.5, noise: 3 }, Float32Array.of(0.25, 1))
  expect([...noised]).toEqual([8, 8])
  blendNoised(noised, Float32Array.of(4, 2), Float32Array.of(2, 5), { init: 0.5, noise: 1 }, Float32Array.of(0.25, 0.5))
  expect([...noised]).toEqual([5, 7])
})

test('the noised blend puts the original at the noise level outside the mask', () => {
  const latents = new Float32Array(4)
  blendNoised(latents, init, Float32Array.of(1, 1, -1, -1), { init: 1, noise: 2 }, Float32Array.of(0, 1))
  expect([...latents]).toEqual([3, 0, 1, 0])
  blendNoised(latents, init, Float32Array.of(1, 1, -1, -1), predictions.flow(0.25).addNoise, Float32Array.of(1, 0))
  expect([...latents]).toEqual([3, 1.75, 1, 2.75])
})

test('the first evaluation sees the latents as they are, later ones the original behind the mask', async () => {
  const seen: number[][] = []
  const spy: Denoiser = async (x) => {
    seen.push([...x])
  }
  const sigmas = Float64Array.of(3, 2, 0)
  const denoise = renoisedDenoiser(
    spy,
    init,
    new Float32Array(4).fill(1),
    Float32Array.of(1, 0),
    sigmas,
    predictions.epsilon,
  )
  const x = new Float32Array(4)
  await denoise(x, 3, new Float32Array(4))
  await denoise(x, 2, new Float32Array(4))
  expect(seen).toEqual([
    [0, 0, 0, 0],
    [0, 4, 0, 6],
  ])
})

test("between two levels the original gets the lower one's noise; a rounding is not between them", async () => {
  const levels: number[] = []
  const spy: Denoiser = async (x) => {
    levels.push(x[1] - init[1])
  }
  const sigmas = Float64Array.of(8, 2, 0.5, 0)
  const denoise = renoisedDenoiser(
    spy,
    init,
    new Float32Array(4).fill(1),
    Float32Array.of(1, 0),
    sigmas,
    predictions.epsilon,
  )
  for (const sigma of [8, 4, 2, 2 * (1 - 1e-15), 1]) await denoise(new Float32Array(4), sigma, new Float32Array(4))
  expect(levels.slice(1)).toEqual([2, 2, 2, 0.5])
})

test('a soft mask opens the darker pixels later, black ones never', () => {
  const maskAt = softMask(Float32Array.of(0, 0.25, 0.5, 1), (sigma) => sigma * 100, 1000)
  expect([...maskAt(10)]).toEqual([0, 0, 0, 1])
  expect([...maskAt(5)]).toEqual([0, 0, 1, 1])
  expect([...maskAt(0)]).toEqual([0, 1, 1, 1])
})

test('a soft mask opens all but what is black in a run that begins at timestep 0', () => {
  expect([...softMask(Float32Array.of(0.5, 0, 1), () => 0, 0)(0)]).toEqual([1, 0, 1])
})
