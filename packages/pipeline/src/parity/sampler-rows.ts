import type { SamplerName } from '@pentimento/vocabulary'
import type { Noise } from '../samplers/sampler.ts'
import { samplers } from '../samplers/samplers.ts'
import { analyticDenoiser } from './analytic.ts'
import { doubles, floats, largest, largestDifference, reference } from './reference.ts'
import type { ParityRow } from './row.ts'

interface SamplersFixture {
  spread: number
  start: string
  noise: string
  lists: { name: string; sigmas: string }[]
  trajectories: { sampler: SamplerName; list: string; x: string }[]
}

const functions: Partial<Record<SamplerName, string>> = {
  euler: 'sample_euler',
  euler_a: 'sample_euler_ancestral',
  heun: 'sample_heun',
  dpm2: 'sample_dpm_2',
  dpm2_a: 'sample_dpm_2_ancestral',
  lms: 'sample_lms',
  dpmpp_2m: 'sample_dpmpp_2m',
  dpmpp_2m_sde: 'sample_dpmpp_2m_sde',
  dpmpp_2s_a: 'sample_dpmpp_2s_ancestral',
  dpmpp_sde: 'sample_dpmpp_sde',
  dpmpp_3m_sde: 'sample_dpmpp_3m_sde',
}

/** Every sampler that k-diffusion has, over every schedule: the latents after each step. */
export function samplerRows(): ParityRow[] {
  const fixture = reference<SamplersFixture>('samplers')
  const lists = new Map(fixture.lists.map(({ name, sigmas }) => [name, doubles(sigmas)]))
  return Object.entries(functions).map(([sampler, reference]) => {
    const trajectories = fixture.trajectories.filter((trajectory) => trajectory.sampler === sampler)
    return {
      group: 'Samplers',
      subject: sampler,
      reference: `k-diffusion ${reference}`,
      unit: 'largest difference over a trajectory, relative to its largest value',
      limit: 1e-5,
      extent: `${trajectories.length} lists of sigmas`,
      measure: async () => {
        let worst = 0
        for (const { list, x } of trajectories) {
          const sigmas = lists.get(list) ?? new Float64Array()
          worst = Math.max(worst, await difference(sampler as SamplerName, sigmas, floats(x), fixture))
        }
        return worst
      },
    }
  })
}

async function difference(
  sampler: SamplerName,
  sigmas: Float64Array,
  expected: Float32Array,
  fixture: SamplersFixture,
): Promise<number> {
  const x = floats(fixture.start).map((value) => value * sigmas[0])
  const denoise = analyticDenoiser(fixture.spread)
  let worst = 0
  for await (const { step } of samplers[sampler].sample(denoise, x, sigmas, givenNoise(floats(fixture.noise)))) {
    worst = Math.max(worst, largestDifference(x, expected.subarray((step - 1) * x.length, step * x.length)))
  }
  return worst / largest(expected)
}

/** Hands out recorded noise, draw by draw. */
export function givenNoise(values: Float32Array): Noise {
  let next = 0
  return (out) => {
    out.set(values.subarray(next, next + out.length))
    next += out.length
  }
}
