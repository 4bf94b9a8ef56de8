import type { SamplerName } from '@pentimento/vocabulary'
import { describe, expect, test } from 'vitest'
import { torchCpuRandn } from '../rng/torch-cpu.ts'
import { karrasSigmas } from '../schedules/sigma-curves.ts'
import type { Denoiser } from './sampler.ts'
import { samplers } from './samplers.ts'

/*
 * Data from one Gaussian, where everything is known: the best estimate, the end point of the ODE from any start, and
 * the distribution that an SDE must end in. No reference implementation is needed, and no copied mistake survives.
 */
const mean = 0.3
const spread = 0.5

const gaussian: Denoiser = async (x, sigma, out) => {
  const variance = spread ** 2 + sigma ** 2
  for (let i = 0; i < x.length; i++) out[i] = (spread ** 2 * x[i] + sigma ** 2 * mean) / variance
}

/** The largest error at the end of the ODE, which stops above 0 so that all of it is the solver's. */
async function odeError(sampler: SamplerName, steps: number): Promise<number> {
  const sigmas = karrasSigmas(steps + 1, 0.03, 14.6)
  const x = Float32Array.from({ length: 64 }, (_, i) => ((i - 32) / 10) * 14.6)
  const contraction = Math.sqrt((spread ** 2 + sigmas[steps] ** 2) / (spread ** 2 + sigmas[0] ** 2))
  const end = x.map((value) => mean + (value - mean) * contraction)
  for await (const _ of samplers[sampler].sample(gaussian, x, sigmas, noNoise));
  return Math.max(...x.map((value, i) => Math.abs(value - end[i])))
}

function noNoise(): never {
  throw new Error('an ODE sampler drew noise')
}

describe('halving the steps divides the error by 2 to the order', () => {
  const orders: [SamplerName, number][] = [
    ['euler', 1],
    ['ddim', 1],
    ['heun', 2],
    ['dpm2', 2],
    ['dpmpp_2m', 2],
    ['pndm', 2],
    ['unipc', 3],
    ['lms', 4],
  ]
  test.each(orders)('%s is of order %d', async (sampler, order) => {
    const measured = Math.log2((await odeError(sampler, 60)) / (await odeError(sampler, 120)))
    expect(measured).toBeGreaterThan(order - 0.35)
    expect(measured).toBeLessThan(order + 0.7)
  })
})

describe('an SDE ends in the distribution of the data', () => {
  test.each<SamplerName>(['euler_a', 'dpm2_a', 'dpmpp_2s_a', 'dpmpp_sde', 'dpmpp_2m_sde', 'dpmpp_3m_sde'])(
    '%s',
    async (sampler) => {
      const sigmas = Float64Array.of(...karrasSigmas(100, 0.03, 14.6), 0)
      const randn = torchCpuRandn(5)
      const x = new Float32Array(20_000)
      randn(x)
      for (let i = 0; i < x.length; i++) x[i] = mean + x[i] * Math.sqrt(spread ** 2 + sigmas[0] ** 2)
      for await (const _ of samplers[sampler].sample(gaussian, x, sigmas, randn));
      const average = x.reduce((sum, value) => sum + value, 0) / x.length
      const deviation = Math.sqrt(x.reduce((sum, value) => sum + (value - average) ** 2, 0) / x.length)
      expect(average).toBeCloseTo(mean, 1.7)
      // Ancestral Euler, of order 1, still lacks 3 % of the spread after 100 steps; the others are within sampling
      // error.
      expect(Math.abs(deviation / spread - 1)).toBeLessThan(sampler === 'euler_a' ? 0.05 : 0.015)
    },
  )
})
