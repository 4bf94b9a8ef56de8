import type { SamplerName, ScheduleName } from '@pentimento/vocabulary'
import { PipelineError } from '../errors.ts'
import { roundHalfToEven } from '../round-half-to-even.ts'
import { samplers } from '../samplers/samplers.ts'
import { betaSigmas } from './beta.ts'
import { type DiffusersClass, diffusersClasses } from './diffusers-classes.ts'
import { type NoiseTable, sigmaToTimestep } from './noise-table.ts'
import type { Schedule } from './schedule.ts'
import type { SchedulerConfig, TimestepSpacing } from './scheduler-config.ts'
import { exponentialSigmas, karrasSigmas } from './sigma-curves.ts'

/**
 * The steps that diffusers' class for the sampler lays out (its `set_timesteps`), under the model's `scheduler_config.json`
 * for `automatic` and `model`, otherwise with the one option changed that the schedule's name stands for.
 *
 * Departure: DDIM and PNDM step to the next timestep of their list, where diffusers steps by a fixed 1000 / `steps`,
 * rounded down; the two differ only with `linspace` and `trailing` spacing.
 *
 * @throws PipelineError `not_supported` if diffusers has no class for the sampler or the class no such schedule.
 */
export function diffusersSchedule(
  schedule: ScheduleName,
  sampler: SamplerName,
  steps: number,
  table: NoiseTable,
  modelConfig: SchedulerConfig,
): Schedule {
  const layout = diffusersClasses[sampler]
  if (!layout) refuse(`diffusers has no scheduler for the sampler ${sampler}`)
  const config = withSchedule(modelConfig, schedule, layout)
  const timesteps = spacedTimesteps(sampler, layout, steps, table, config)
  const spaced = timesteps.map((timestep) => sigmaBetween(table, timestep))
  const sigmas = curvedSigmas(config, layout, spaced, table)
  if (config.curve) {
    for (let i = 0; i < steps; i++) timesteps[i] = curveTimestep(sigmaToTimestep(table, sigmas[i]), config, layout)
  }
  const first = sigmas[0]
  const last = finalSigma(table, layout, config)
  const spacing = config.timestepSpacing ?? layout.spacing
  const ended = new Float64Array(steps + 1)
  ended.set(sigmas)
  ended[steps] = last
  const known = new Map(sigmas.entries().map(([i, sigma]) => [sigma, timesteps[i]]))
  return {
    sigmas: ended,
    timestep: (sigma) => known.get(sigma) ?? sigmaToTimestep(table, sigma),
    pureNoise: layout.space === 've' && spacing !== 'leading' ? first : Math.sqrt(first ** 2 + 1),
    resultScale: layout.space === 'vp' ? 1 / Math.sqrt(last ** 2 + 1) : 1,
  }
}

/** The option of the scheduler's configuration that stands behind each schedule's name. */
function withSchedule(config: SchedulerConfig, schedule: ScheduleName, layout: DiffusersClass): SchedulerConfig {
  switch (schedule) {
    case 'automatic':
    case 'model':
      return layout.curves === 'none' ? { ...config, curve: null } : config
    case 'karras':
    case 'exponential':
    case 'beta':
      if (layout.curves === 'none') refuse(`diffusers' ${layout.name} has no ${schedule} schedule`)
      return { ...config, curve: schedule }
    case 'uniform':
    case 'normal':
      return { ...config, curve: null, timestepSpacing: 'linspace' }
    case 'sgm_uniform':
    case 'simple':
      return { ...config, curve: null, timestepSpacing: 'trailing' }
    case 'ddim':
      return { ...config, curve: null, timestepSpacing: 'leading' }
    default:
      return refuse(`diffusers' schedulers have no ${schedule} schedule`)
  }
}

function spacedTimesteps(
  sampler: SamplerName,
  layout: DiffusersClass,
  steps: number,
  table: NoiseTable,
  config: SchedulerConfig,
): Float64Array {
  const total = table.sigmas.length
  const { knownTimesteps } = samplers[sampler]
  if (knownTimesteps !== null) return distilledTimesteps(steps, total, knownTimesteps)
  if (steps >= total) refuse(`diffusers' ${layout.name} takes fewer than ${total} steps`)
  const count = layout.dropsLowest ? steps + 1 : steps
  // numpy's linspace and arange to the last bit: timesteps lie half-way between whole ones often enough to round otherwise.
  const spacings: Record<TimestepSpacing, () => Float64Array> = {
    linspace: () => {
      const stride = count === 1 ? 0 : (total - 1) / (count - 1)
      return Float64Array.from({ length: count }, (_, i) => {
        const timestep = (count - 1 - i) * stride
        return layout.wholeTimesteps ? roundHalfToEven(timestep) : Math.fround(timestep)
      })
    },
    leading: () => {
      const stride = Math.floor(total / count)
      return Float64Array.from({ length: count }, (_, i) => (count - 1 - i) * stride + config.stepsOffset)
    },
    trailing: () => {
      const stride = total - (total - total / steps)
      return Float64Array.from({ length: steps }, (_, i) => roundHalfToEven(total - i * stride) - 1)
    },
  }
  return spacings[config.timestepSpacing ?? layout.spacing]().slice(0, steps)
}

/** The timesteps of a model distilled to `known` of them: every n-th of those, from the last. */
function distilledTimesteps(steps: number, total: number, known: number): Float64Array {
  if (steps > known) {
    const reason = `Models for this sampler are distilled to ${known} timesteps: ask for at most ${known} steps.`
    throw new PipelineError('not_supported', reason)
  }
  const stride = total / known
  return Float64Array.from({ length: steps }, (_, i) => (known - Math.floor((i * known) / steps)) * stride - 1)
}

function curvedSigmas(
  config: SchedulerConfig,
  layout: DiffusersClass,
  spaced: Float64Array,
  table: NoiseTable,
): Float64Array {
  const [max, min] = layout.space === 'vp' ? [table.sigmaMax, table.sigmaMin] : [spaced[0], spaced[spaced.length - 1]]
  if (config.curve === 'karras') return karrasSigmas(spaced.length, min, max)
  if (config.curve === 'exponential') return exponentialSigmas(spaced.length, min, max)
  if (config.curve === 'beta') return betaSigmas(spaced.length, min, max)
  return spaced
}

/**
 * Where a class wants whole timesteps it rounds those of a Karras curve and cuts those of the others; in its float32 the
 * highest lies just below a whole number.
 */
function curveTimestep(timestep: number, config: SchedulerConfig, layout: DiffusersClass): number {
  if (config.curve === 'karras') return layout.curves === 'karras_rounded' ? roundHalfToEven(timestep) : timestep
  return layout.wholeTimesteps ? Math.max(Math.floor(timestep - 1e-4), 0) : timestep
}

function finalSigma(table: NoiseTable, layout: DiffusersClass, config: SchedulerConfig): number {
  if (layout.ends === 'zero') return 0
  if (layout.ends === 'final_sigma') return config.finalSigma === 'zero' ? 0 : table.sigmaMin
  return (config.setAlphaToOne ?? layout.ends.alphaToOne) ? 0 : table.sigmaMin
}

/** The sigma of a timestep, linear in σ between whole ones, as numpy's `interp`. */
function sigmaBetween(table: NoiseTable, timestep: number): number {
  const low = Math.min(Math.max(Math.floor(timestep), 0), table.sigmas.length - 1)
  const high = Math.min(low + 1, table.sigmas.length - 1)
  const weight = Math.min(Math.max(timestep - low, 0), 1)
  return table.sigmas[low] + weight * (table.sigmas[high] - table.sigmas[low])
}

function refuse(reason: string): never {
  throw new PipelineError('not_supported', `${reason}. Choose another sampler or schedule, or semantics a1111.`)
}
