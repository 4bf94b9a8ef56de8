import { type DiffusersSamplerName, type DiffusersScheduleName, samplerFacts } from '@pentimento/vocabulary'
import { PipelineError } from '../errors.ts'
import { roundHalfToEven } from '../round-half-to-even.ts'
import { betaSigmas } from './beta.ts'
import { type DiffusersClass, diffusersClasses } from './diffusers-classes.ts'
import { checkClassOptions } from './diffusers-options.ts'
import { diffusersTable, tableTimestep } from './diffusers-table.ts'
import { spacedTimesteps } from './diffusers-timesteps.ts'
import type { NoiseTable } from './noise-table.ts'
import type { Schedule } from './schedule.ts'
import type { SchedulerConfig } from './scheduler-config.ts'
import { exponentialSigmas, karrasSigmas } from './sigma-curves.ts'

/** A whole schedule, with what the class's own steps need besides. */
export interface DiffusersSchedule extends Schedule {
  layout: DiffusersClass
  table: NoiseTable
  config: SchedulerConfig
  /** How many steps were asked for; the list may have one more. */
  steps: number
  /** The timestep that each step begins at. */
  timesteps: Float64Array
}

/**
 * The steps that diffusers' class for the sampler lays out (its `set_timesteps`), under the model's
 * `scheduler_config.json` for `automatic` and `model`, otherwise with the one option changed that the schedule's name
 * stands for.
 *
 * @throws PipelineError `not_supported` if the class has too few timesteps, or the configuration asks for another
 * solver than the sampler's. Whether the class has the schedule is for `scheduleRefusal` to say.
 */
export function diffusersSchedule(
  schedule: DiffusersScheduleName,
  sampler: DiffusersSamplerName,
  steps: number,
  modelConfig: SchedulerConfig,
): DiffusersSchedule {
  const layout = diffusersClasses[sampler]
  const { diffusers } = samplerFacts(sampler)
  const config = { ...modelConfig, ...(diffusers?.curves ? {} : { curve: null }), ...scheduleOptions[schedule] }
  checkClassOptions(sampler, config)
  const table = diffusersTable(config.noise, layout.zeroTerminalSnr && config.noise.zeroTerminalSnr === true)
  const total = table.sigmas.length
  if (steps >= total) {
    const limit = `diffusers' ${diffusers?.className} takes fewer than ${total} steps`
    throw new PipelineError('not_supported', `${limit}. Choose another sampler or schedule, or semantics a1111.`)
  }
  const spaced = spacedTimesteps(sampler, layout, steps, table, config)
  const spacedSigmas = spaced.map((timestep) => sigmaBetween(table, timestep))
  const exact = config.curve ? curvedSigmas(config.curve, steps, config, layout, spacedSigmas, table) : spacedSigmas
  const timesteps = config.curve
    ? exact.map((sigma) => curveTimestep(tableTimestep(table, sigma), sampler, config, layout))
    : spaced
  const first = Math.fround(exact[0])
  // On a curve UniPC stays where it is.
  const staysOnCurve = sampler === 'unipc' && config.curve !== null && config.finalSigma === 'sigma_min'
  const last = staysOnCurve ? exact[exact.length - 1] : finalSigma(table, layout, config)
  const sigmas = Float64Array.from([...exact, last], Math.fround)
  const known = new Map(timesteps.entries().map(([i, timestep]) => [sigmas[i], timestep]))
  return {
    sigmas,
    timestep: (sigma) => known.get(sigma) ?? tableTimestep(table, sigma),
    pureNoise:
      layout.space === 've' && (config.timestepSpacing ?? layout.spacing) !== 'leading'
        ? first
        : Math.sqrt(first ** 2 + 1),
    resultScale: layout.space === 'vp' ? 1 / Math.sqrt(last ** 2 + 1) : 1,
    layout,
    table,
    config,
    steps,
    timesteps,
  }
}

/** What each schedule's name says beside the scheduler's configuration. */
const scheduleOptions: Record<DiffusersScheduleName, Partial<SchedulerConfig>> = {
  automatic: {},
  model: {},
  uniform: { curve: null, timestepSpacing: 'linspace' },
  normal: { curve: null, timestepSpacing: 'linspace' },
  karras: { curve: 'karras' },
  exponential: { curve: 'exponential' },
  sgm_uniform: { curve: null, timestepSpacing: 'trailing' },
  simple: { curve: null, timestepSpacing: 'trailing' },
  ddim: { curve: null, timestepSpacing: 'leading' },
  beta: { curve: 'beta' },
}

function curvedSigmas(
  curve: NonNullable<SchedulerConfig['curve']>,
  steps: number,
  config: SchedulerConfig,
  layout: DiffusersClass,
  spaced: Float64Array,
  table: NoiseTable,
): Float64Array {
  const [highest, lowest] =
    layout.space === 'vp' ? [table.sigmaMax, table.sigmaMin] : [spaced[0], spaced[spaced.length - 1]]
  const heedsLimits = curve !== 'karras' || layout.karrasLimits
  const max = (heedsLimits ? config.sigmaMax : null) ?? highest
  const min = (heedsLimits ? config.sigmaMin : null) ?? lowest
  if (curve === 'karras') return karrasSigmas(steps, min, max)
  return curve === 'exponential' ? exponentialSigmas(steps, min, max) : betaSigmas(steps, min, max)
}

/**
 * Where a class wants whole timesteps it rounds those of a Karras curve and cuts those of the others.
 * DPMSolverMultistep cuts also on Karras's over a cosine table.
 */
function curveTimestep(
  timestep: number,
  sampler: DiffusersSamplerName,
  { curve, noise }: SchedulerConfig,
  layout: DiffusersClass,
): number {
  const isCosine = noise.betaSchedule === 'squaredcos_cap_v2'
  const isRounded = curve === 'karras' && layout.roundsKarras
  if (isRounded && !(isCosine && sampler.startsWith('dpmpp_2m'))) return roundHalfToEven(timestep)
  return layout.wholeTimesteps ? Math.trunc(timestep) : timestep
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
