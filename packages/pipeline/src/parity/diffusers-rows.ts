import type { DiffusersSamplerName } from '@pentimento/vocabulary'
import type { Denoiser } from '../samplers/sampler.ts'
import { diffusersRun } from '../schedules/diffusers-run.ts'
import { diffusersSchedule } from '../schedules/diffusers-schedule.ts'
import { type NoiseTable, noiseTable, timestepToSigma } from '../schedules/noise-table.ts'
import type { Run } from '../schedules/schedule.ts'
import { readSchedulerConfig } from '../schedules/scheduler-config.ts'
import { posteriorMean } from './analytic.ts'
import { floats, largest, largestDifference, octets, reference } from './reference.ts'
import { type ParityRow, worst } from './row.ts'
import { givenNoise } from './sampler-rows.ts'

interface DiffusersFixture {
  spread: number
  image: string
  noise: string
  cases: DiffusersCase[]
  layouts: Layouts[]
}

type Config = Record<string, unknown>

interface DiffusersCase {
  sampler: DiffusersSamplerName
  config: Config
  steps: number
  skipped: number
  timesteps: number[]
  pureNoise: number
  result: string
}

/** What the model is told in whole schedules of many lengths, one after another as 16-bit integers, and how often. */
interface Layouts {
  sampler: DiffusersSamplerName
  config: Config
  lengths: number[]
  calls: number[]
  timesteps: string
}

/**
 * The scheduler classes of diffusers: timesteps told to the model, and final latents. The classes compute in float32,
 * which is what the limits leave room for.
 */
export function diffusersRows(): ParityRow[] {
  const fixture = reference<DiffusersFixture>('diffusers')
  const { cases } = fixture
  const names = [...new Set(cases.map(({ sampler }) => sampler))]
  const rows = names.flatMap((sampler) => {
    const own = cases.filter((one) => one.sampler === sampler)
    const row = {
      group: 'diffusers schedulers',
      reference: 'the class that samplers.md names',
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
        limit: 5e-4,
        measure: () => worstOf(({ timesteps }) => timesteps),
      },
    ]
  })
  return [...rows, ...layoutRows(fixture)]
}

/** Whole timesteps of every length: one that lies beside a half must fall to the same side. */
function layoutRows({ layouts }: DiffusersFixture): ParityRow[] {
  return [...Map.groupBy(layouts, ({ sampler }) => sampler)].map(([sampler, own]) => ({
    group: 'diffusers schedulers',
    subject: `${sampler}: timesteps by table, spacing, curve and length`,
    reference: 'the class that samplers.md names',
    extent: `${own.reduce((sum, { lengths }) => sum + lengths.length, 0)} schedules`,
    unit: 'largest difference of a timestep',
    limit: 0,
    measure: () => worst(own.map(layoutDifference)),
  }))
}

function layoutDifference({ sampler, config, lengths, calls, timesteps }: Layouts): number {
  const expected = new Int16Array(octets(timesteps).buffer)
  const options = readSchedulerConfig(config)
  let from = 0
  return worst(
    lengths.map((steps, i) => {
      const told = expected.subarray(from, from + calls[i])
      from += calls[i]
      const run = diffusersRun(sampler, diffusersSchedule('model', sampler, steps, options), steps)
      return largestDifference(
        Array.from(told, (_, call) => run.timestep(Number.NaN, call)),
        told,
      )
    }),
  )
}

interface Comparison {
  result: number
  timesteps: number
}

async function compare(one: DiffusersCase, fixture: DiffusersFixture): Promise<Comparison> {
  const config = readSchedulerConfig(one.config)
  const schedule = diffusersSchedule('model', one.sampler, one.steps, config)
  const run = diffusersRun(one.sampler, schedule, one.steps - one.skipped)
  const image = floats(fixture.image)
  const noise = givenNoise(floats(fixture.noise))
  const first = new Float32Array(image.length)
  noise(first)
  const x = image.map((value, i) => value + run.sigmas[0] * first[i])
  const told: number[] = []
  const denoise = toldTimesteps(noiseTable(), run, config.prediction, fixture.spread, told)
  for await (const _ of run.sample(denoise, x, run.sigmas, noise));
  const expected = floats(one.result)
  const result = x.map((value) => value * run.resultScale)
  return {
    result: largestDifference(result, expected) / largest(expected),
    timesteps: largestDifference(told, one.timesteps),
  }
}

/** A model that knows the noise level from the timestep it is told, as a UNet does, and notes what it was told. */
function toldTimesteps(
  table: NoiseTable,
  run: Run,
  prediction: 'epsilon' | 'v',
  spread: number,
  told: number[],
): Denoiser {
  return async (x, sigma, out) => {
    const timestep = run.timestep(sigma, told.length)
    told.push(timestep)
    const seen = timestepToSigma(table, Math.max(timestep, 0))
    const scale = Math.sqrt((1 + seen ** 2) / (1 + sigma ** 2))
    for (let i = 0; i < x.length; i++) {
      const estimate = posteriorMean(x[i] * scale, seen, spread)
      const eps = (x[i] * scale - estimate) / seen
      const velocity = (eps - seen * estimate) / Math.sqrt(1 + seen ** 2)
      const variance = 1 + sigma ** 2
      out[i] =
        prediction === 'epsilon' ? x[i] - sigma * eps : x[i] / variance - (sigma / Math.sqrt(variance)) * velocity
    }
  }
}
