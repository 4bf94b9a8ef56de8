import { type SamplerName, type ScheduleName, samplerFacts } from '@pentimento/vocabulary'
import { samplers } from '../samplers/samplers.ts'
import { alignYourStepsSigmas } from './align-your-steps.ts'
import { betaSigmas } from './beta.ts'
import { linspace } from './linspace.ts'
import { type NoiseTable, sigmaToTimestep, tableOf, timestepToSigma } from './noise-table.ts'
import type { Schedule } from './schedule.ts'
import { exponentialSigmas, karrasSigmas, klOptimalSigmas, polyexponentialSigmas } from './sigma-curves.ts'

/** The schedules that are a rule of their own, whatever the sampler and the model's configuration. */
export type CurveName = Exclude<ScheduleName, 'automatic' | 'model'>

/** The model that a schedule is made for. */
interface ScheduleModel {
  table: NoiseTable
  /** The points of `align_your_steps` for its family. */
  alignYourSteps: readonly number[]
}

/** `steps` + 1 falling noise levels. */
type Curve = (steps: number, model: ScheduleModel) => Float64Array

const curves: Record<CurveName, Curve> = {
  uniform: (steps, { table }) => endAtZero(atTimesteps(table, linspace(lastTimestep(table), 0, steps))),
  normal: (steps, { table }) => endAtZero(atTimesteps(table, linspace(...timestepRange(table), steps))),
  sgm_uniform: (steps, { table }) =>
    endAtZero(atTimesteps(table, linspace(...timestepRange(table), steps + 1).slice(0, -1))),
  simple: (steps, { table }) => endAtZero(atTimesteps(table, simpleTimesteps(steps, table))),
  ddim: (steps, { table }) => endAtZero(atTimesteps(table, ddimTimesteps(steps, table))),
  karras: (steps, { table }) => endAtZero(karrasSigmas(steps, table.sigmaMin, table.sigmaMax)),
  exponential: (steps, { table }) => endAtZero(exponentialSigmas(steps, table.sigmaMin, table.sigmaMax)),
  polyexponential: (steps, { table }) => endAtZero(polyexponentialSigmas(steps, table.sigmaMin, table.sigmaMax)),
  beta: (steps, { table }) => endAtZero(betaSigmas(steps, table.sigmaMin, table.sigmaMax)),
  kl_optimal: (steps, { table }) => klOptimalSigmas(steps, table.sigmaMin, table.sigmaMax),
  align_your_steps: (steps, { alignYourSteps }) => endAtZero(alignYourStepsSigmas(steps, alignYourSteps)),
}

/**
 * The noise levels of `steps` steps as AUTOMATIC1111 v1.10 makes them: `steps` + 1 falling numbers. The last is 0, save
 * for `kl_optimal`, which stops at the model's lowest sigma. `automatic` is the sampler's own default; what a sampler
 * asks of its list (`discardPenultimate`) is applied.
 *
 * One departure: where 1000 / `steps` leaves a rest, AUTOMATIC1111's `ddim` gives another number of sigmas than asked
 * for (32 for 30 steps); here it spreads exactly `steps` of them over the same range.
 */
export function a1111Sigmas(
  schedule: 'automatic' | CurveName,
  sampler: SamplerName,
  steps: number,
  model: ScheduleModel,
): Float64Array {
  const curve = curves[schedule === 'automatic' ? samplerFacts(sampler).automatic : schedule]
  const known = { ...model, table: knownTable(sampler, model.table) }
  if (!samplers[sampler].discardPenultimate) return curve(steps, known)
  const longer = curve(steps + 1, known)
  const sigmas = longer.slice(0, -1)
  sigmas[steps] = longer[steps + 1]
  return sigmas
}

/** {@link a1111Sigmas} with the timesteps that AUTOMATIC1111 tells the model. */
export function a1111Schedule(
  schedule: 'automatic' | CurveName,
  sampler: SamplerName,
  steps: number,
  model: ScheduleModel,
): Schedule {
  const sigmas = a1111Sigmas(schedule, sampler, steps, model)
  return {
    sigmas,
    timestep: (sigma) => a1111Timestep(sampler, model.table, sigma),
    pureNoise: samplers[sampler].constantVariance ? Math.hypot(sigmas[0], 1) : sigmas[0],
    resultScale: 1,
  }
}

/**
 * The timestep to tell the model for a noise level, as AUTOMATIC1111 does: fractional, save that a model distilled to
 * know only some timesteps is told the nearest of those.
 */
function a1111Timestep(sampler: SamplerName, table: NoiseTable, sigma: number): number {
  const { knownTimesteps } = samplerFacts(sampler)
  if (knownTimesteps === undefined) return sigmaToTimestep(table, sigma)
  const stride = table.sigmas.length / knownTimesteps
  const { logSigmas } = knownTable(sampler, table)
  const distances = logSigmas.map((logSigma) => Math.abs(logSigma - Math.log(sigma)))
  return distances.indexOf(Math.min(...distances)) * stride + stride - 1
}

/** The entries of the table that a sampler's models know: all, or every n-th so that the last one is among them. */
function knownTable(sampler: SamplerName, table: NoiseTable): NoiseTable {
  const { knownTimesteps } = samplerFacts(sampler)
  if (knownTimesteps === undefined) return table
  const stride = table.sigmas.length / knownTimesteps
  return tableOf(table.sigmas.filter((_, timestep) => timestep % stride === stride - 1))
}

function lastTimestep(table: NoiseTable): number {
  return table.sigmas.length - 1
}

function timestepRange(table: NoiseTable): [number, number] {
  return [sigmaToTimestep(table, table.sigmaMax), sigmaToTimestep(table, table.sigmaMin)]
}

/** Every n-th timestep from the last one down. More steps than the table has entries are spread evenly between them. */
function simpleTimesteps(steps: number, table: NoiseTable): Float64Array {
  const entries = table.sigmas.length
  if (steps > entries) return linspace(entries - 1, 0, steps)
  return Float64Array.from({ length: steps }, (_, i) => entries - 1 - Math.floor(i * (entries / steps)))
}

/** Every n-th timestep from 1 up, turned around: the grid of the first DDIM implementation. */
function ddimTimesteps(steps: number, table: NoiseTable): Float64Array {
  const entries = table.sigmas.length
  if (steps >= entries) return linspace(entries - 1, 1, steps)
  return Float64Array.from({ length: steps }, (_, i) => 1 + Math.floor(((steps - 1 - i) * entries) / steps))
}

function atTimesteps(table: NoiseTable, timesteps: Float64Array): Float64Array {
  return timesteps.map((timestep) => timestepToSigma(table, timestep))
}

function endAtZero(sigmas: Float64Array): Float64Array {
  const ended = new Float64Array(sigmas.length + 1)
  ended.set(sigmas)
  return ended
}
