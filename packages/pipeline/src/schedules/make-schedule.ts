import { type SamplerName, type ScheduleName, type Semantics, scheduleRefusal } from '@pentimento/vocabulary'
import { PipelineError } from '../errors.ts'
import { a1111Schedule } from './a1111-schedule.ts'
import { diffusersClasses } from './diffusers-classes.ts'
import { diffusersSchedule } from './diffusers-schedule.ts'
import type { NoiseTable } from './noise-table.ts'
import type { Schedule } from './schedule.ts'
import type { SchedulerConfig } from './scheduler-config.ts'

export interface ScheduleRequest {
  semantics: Semantics
  sampler: SamplerName
  schedule: ScheduleName
  /** How long the whole schedule is, before strength takes its last part. */
  steps: number
  table: NoiseTable
  config: SchedulerConfig
  /** Stable Diffusion XL; only `align_your_steps` asks. */
  isXl: boolean
}

/**
 * The noise levels of a generation. `automatic` is the model's own schedule under `diffusers` semantics and AUTOMATIC1111's
 * choice for the sampler otherwise; `model`, what `scheduler_config.json` says, where diffusers lacks a class for the
 * sampler as for `dpmpp_2m`.
 *
 * @throws PipelineError `not_supported` for what diffusers lacks, under its semantics, and for a schedule beyond all use.
 */
export function makeSchedule(request: ScheduleRequest): Schedule {
  const { semantics, sampler, schedule, steps, table, config, isXl } = request
  const refusal = scheduleRefusal(semantics, sampler, schedule, steps)
  if (refusal) throw new PipelineError(refusal.code, `${refusal.field}: ${refusal.reason}.`)
  if (semantics === 'diffusers') return diffusersSchedule(schedule, sampler, steps, table, config)
  if (schedule !== 'model') return a1111Schedule(schedule, sampler, steps, { table, isXl })
  return diffusersSchedule(schedule, diffusersClasses[sampler] ? sampler : 'dpmpp_2m', steps, table, config)
}
