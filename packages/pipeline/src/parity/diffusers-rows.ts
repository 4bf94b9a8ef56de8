import type { SamplerName } from '@pentimento/vocabulary'
import type { Denoiser } from '../samplers/sampler.ts'
import { samplers } from '../samplers/samplers.ts'
import { diffusersClasses } from '../schedules/diffusers-classes.ts'
import { diffusersSchedule } from '../schedules/diffusers-schedule.ts'
import { type NoiseTable, noiseTable, timestepToSigma } from '../schedules/noise-table.ts'
import type { Schedule } from '../schedules/schedule.ts'
import { readSchedulerConfig } from '../schedules/scheduler-config.ts'
import { posteriorMean } from './analytic.ts'
import { floats, largest, largestDifference, reference } from './reference.ts'
import { type ParityRow, worst } from './row.ts'
import { givenNoise } from './sampler-rows.ts'

interface DiffusersFixture {
  spread: number
  image: string
  noise: string
  cases: DiffusersCase[]
  /** The timesteps of whole schedules. */
  layouts: { sampler: SamplerName; config: Record<string, unknown>; timesteps: number[] }[]
}

interface DiffusersCase {
  sampler: SamplerName
  config: Record<string, unknown>
  steps: number
  skipped: number
  timesteps: number[]
  pureNoise: number
  result: string
}

/**
 * The scheduler classes of diffusers: timesteps told to the model, and final latents. The classes compute in float32, which
 * is what the limits leave room for.
 */
export function diffusersRows(): ParityRow[] {
  const fixture = reference<DiffusersFixture>('diffusers')
  const cases = fixture.cases.filter((one) => !isDeparture(one))
  const names = [...new Set(cases.map(({ sampler }) => sampler))]
  const rows = names.flatMap((sampler) => {
    const own = cases.filter((one) => one.sampler === sampler)
    const row = {
      group: 'diffusers schedulers',
      reference: diffusersClasses[sampler]?.name ?? '',
      extent: `${own.length} configurations`,
    }
    const worstOf = async (pick: (run: Comparison) => number): Promise<number> => {
      let found = 0
      for (const one of own) found = Math.max(found, pick(await compare(one, fixture)))
      return found
    }
    return [
      {
        ...row,
        subject: `${sampler}: final latents`,
        unit: 'largest difference, relative to the largest value',
        limit: 5e-5,
        measure: () => worstOf(({ result }) => result),
      },
      {
        ...row,
        subject: `${sampler}: timesteps`,
        unit: 'largest difference of a timestep',
        limit: 0.002,
        measure: () => worstOf(({ timesteps }) => timesteps),
      },
    ]
  })
  return [...rows, layoutRow(fixture)]
}

function layoutRow({ layouts }: DiffusersFixture): ParityRow {
  return {
    group: 'diffusers schedulers',
    subject: 'all: timesteps by spacing and length',
    reference: 'the classes above',
    extent: `${layouts.length} schedules`,
    unit: 'largest difference of a timestep',
    limit: 0.002,
    measure: () => worst(layouts.map(layoutDifference)),
  }
}

function layoutDifference({ sampler, config, timesteps }: DiffusersFixture['layouts'][number]): number {
  const steps = timesteps.length
  const options = readSchedulerConfig({ steps_offset: 1, ...config })
  const { sigmas, timestep } = diffusersSchedule('model', sampler, steps, noiseTable(), options)
  return largestDifference([...sigmas.subarray(0, steps)].map(timestep), timesteps)
}

/** What docs/samplers.md lists as different on purpose. */
function isDeparture({ sampler, config, steps }: DiffusersCase): boolean {
  if (sampler === 'dpm2_a') return config.use_karras_sigmas === true
  return sampler === 'dpmpp_2m' && config.final_sigmas_type === 'sigma_min' && steps < 15
}

interface Comparison {
  result: number
  timesteps: number
}

async function compare(one: DiffusersCase, fixture: DiffusersFixture): Promise<Comparison> {
  const table = noiseTable()
  const config = readSchedulerConfig({ steps_offset: 1, ...one.config })
  const schedule = diffusersSchedule('model', one.sampler, one.steps, table, config)
  const sigmas = schedule.sigmas.subarray(one.skipped)
  const image = floats(fixture.image)
  const noise = givenNoise(floats(fixture.noise))
  const first = new Float32Array(image.length)
  noise(first)
  const x = image.map((value, i) => value + sigmas[0] * first[i])
  const told: number[] = []
  const denoise = toldTimesteps(table, schedule, fixture.spread, told)
  for await (const _ of samplers[one.sampler].sample(denoise, x, sigmas, noise));
  const expected = floats(one.result)
  const result = x.map((value) => value * schedule.resultScale)
  return {
    result: largestDifference(result, expected) / largest(expected),
    timesteps: largestDifference(told, one.timesteps),
  }
}

/** A model that knows the noise level from the timestep it is told, as a UNet does, and notes what it was told. */
function toldTimesteps(table: NoiseTable, schedule: Schedule, spread: number, told: number[]): Denoiser {
  return async (x, sigma, out) => {
    const timestep = schedule.timestep(sigma)
    told.push(timestep)
    const seen = timestepToSigma(table, timestep)
    const scale = Math.sqrt((1 + seen ** 2) / (1 + sigma ** 2))
    for (let i = 0; i < x.length; i++) {
      const eps = (x[i] * scale - posteriorMean(x[i] * scale, seen, spread)) / seen
      out[i] = x[i] - sigma * eps
    }
  }
}
