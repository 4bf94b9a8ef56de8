import type { SamplerName } from '@pentimento/vocabulary'
import { describe, expect, test } from 'vitest'
import { torchCpuRandn } from '../rng/torch-cpu.ts'
import { samplers } from '../samplers/samplers.ts'
import { guidedDenoiser } from './guided-denoiser.ts'
import { predictions } from './prediction.ts'

/*
 * Data from one Gaussian, of which everything is known for each kind of model: the latents' distribution at a noise
 * level, the clean latents that are to be expected, so what a perfect model answers, and where the ODE ends from any
 * start.
 */
const mean = 0.3
const spread = 0.5
type Kind = keyof typeof predictions

/** Mean and variance of latents of a level. */
function marginal(kind: Kind, sigma: number): { mean: number; variance: number } {
  const { init, noise } = predictions[kind](sigma).addNoise
  return { mean: init * mean, variance: (init * spread) ** 2 + noise ** 2 }
}

/** The clean latents to be expected behind `x`. */
function expected(kind: Kind, x: number, sigma: number): number {
  const { init } = predictions[kind](sigma).addNoise
  const level = marginal(kind, sigma)
  return mean + ((init * spread ** 2) / level.variance) * (x - level.mean)
}

/** What each kind of model is trained to answer for clean latents and the noise in `x`. */
const answers: Record<Kind, (clean: number, noise: number, sigma: number) => number> = {
  epsilon: (_clean, noise) => noise,
  v: (clean, noise, sigma) => (noise - sigma * clean) / Math.sqrt(sigma ** 2 + 1),
  flow: (clean, noise) => noise - clean,
}

const signature = { context: 'context', pooled: null, timeIds: null, guidanceEmbedding: null, reference: null }
const branch = {
  conditioning: { context: new Float32Array(1), tokens: 1, width: 1, pooled: null },
  timeIds: null,
  reference: null,
}

/** The denoiser around a perfect model, which is told the noise level as its timestep. */
function perfectDenoiser(kind: Kind, length: number) {
  const { denoise } = guidedDenoiser(
    async (rows) =>
      rows.map(({ sample, timestep: sigma }) =>
        sample.map((scaled) => {
          const { input, addNoise } = predictions[kind](sigma)
          const x = scaled / input
          const clean = expected(kind, x, sigma)
          return answers[kind](clean, (x - addNoise.init * clean) / addNoise.noise, sigma)
        }),
      ),
    signature,
    {
      images: 1,
      imagesPerRun: 1,
      joinBranches: true,
      length,
      conds: [{ weight: 1, schedule: [{ until: 0, branch }] }],
      uncond: null,
      guidanceScale: 1,
      guidanceRescale: 0,
      prediction: predictions[kind],
      timestepOf: (sigma) => sigma,
      inpaint: null,
    },
  )
  return denoise
}

test.each<Kind>(['epsilon', 'v', 'flow'])(
  'a perfect model of %s gives the clean latents that are to be expected',
  async (kind) => {
    for (const sigma of [0.02, 0.4, 1]) {
      const x = Float32Array.of(-2, 0, 0.7, 3)
      const out = new Float32Array(4)
      await perfectDenoiser(kind, 4)(x, sigma, out)
      out.forEach((value, i) => {
        expect(value).toBeCloseTo(expected(kind, x[i], sigma), 5)
      })
    }
  },
)

describe('flow', () => {
  const levels = (steps: number) => Float64Array.from({ length: steps + 1 }, (_, i) => 1 - (0.97 * i) / steps)

  /** The largest error at the end of the ODE, which stops above 0 so that all of it is the solver's. */
  async function odeError(sampler: SamplerName, steps: number): Promise<number> {
    const sigmas = levels(steps)
    const x = Float32Array.from({ length: 33 }, (_, i) => (i - 16) / 5)
    const [from, to] = [marginal('flow', sigmas[0]), marginal('flow', sigmas[steps])]
    const end = x.map((value) => to.mean + (value - from.mean) * Math.sqrt(to.variance / from.variance))
    const noNoise = () => {
      throw new Error('an ODE sampler drew noise')
    }
    for await (const _ of samplers[sampler].sample(perfectDenoiser('flow', x.length), x, sigmas, noNoise));
    return Math.max(...x.map((value, i) => Math.abs(value - end[i])))
  }

  const orders: [SamplerName, number][] = [
    ['euler', 1],
    ['ddim', 1],
    ['heun', 2],
    ['dpmpp_2m', 2],
  ]
  test.each(orders)('%s follows it at order %d', async (sampler, order) => {
    const measured = Math.log2((await odeError(sampler, 40)) / (await odeError(sampler, 80)))
    expect(measured).toBeGreaterThan(order - 0.35)
    expect(measured).toBeLessThan(order + 0.7)
  })

  test('a picture with noise of any level ends in the distribution of the data', async () => {
    const sigmas = Float64Array.of(...levels(200).subarray(80), 0)
    const noise = torchCpuRandn(3)
    const draw = () => {
      const values = new Float32Array(20_000)
      noise(values)
      return values
    }
    const clean = draw().map((value) => mean + spread * value)
    const { addNoise } = predictions.flow(sigmas[0])
    const x = draw().map((value, i) => addNoise.init * clean[i] + addNoise.noise * value)
    for await (const _ of samplers.euler.sample(perfectDenoiser('flow', x.length), x, sigmas, draw));
    const average = x.reduce((sum, value) => sum + value, 0) / x.length
    const deviation = Math.sqrt(x.reduce((sum, value) => sum + (value - average) ** 2, 0) / x.length)
    expect(average).toBeCloseTo(mean, 1.7)
    expect(Math.abs(deviation / spread - 1)).toBeLessThan(0.02)
  })
})

test('what a model of each kind takes and gives at the noise level 2', () => {
  const root = 2.2360679
  const near = (value: number) => expect.closeTo(value, 6)
  expect(predictions.epsilon(2)).toEqual({
    input: near(1 / root),
    skip: 1,
    out: -2,
    addNoise: { init: 1, noise: 2 },
  })
  expect(predictions.v(2)).toEqual({
    input: near(1 / root),
    skip: near(0.2),
    out: near(-2 / root),
    addNoise: { init: 1, noise: 2 },
  })
  expect(predictions.flow(0.25)).toEqual({ input: 1, skip: 1, out: -0.25, addNoise: { init: 0.75, noise: 0.25 } })
})
