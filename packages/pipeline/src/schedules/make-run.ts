import {
  isDiffusersSampler,
  isDiffusersSchedule,
  type SamplerName,
  type ScheduleName,
  type Semantics,
  scheduleRefusal,
} from '@pentimento/vocabulary'
import { PipelineError } from '../errors.ts'
import type { GenerateRequest } from '../request.ts'
import { samplers } from '../samplers/samplers.ts'
import { a1111Schedule } from './a1111-schedule.ts'
import { diffusersRun } from './diffusers-run.ts'
import { diffusersSchedule } from './diffusers-schedule.ts'
import { noiseTable } from './noise-table.ts'
import type { FamilySchedules, Run, Schedule } from './schedule.ts'
import type { SchedulerConfig } from './scheduler-config.ts'

export interface RunRequest {
  semantics: Semantics
  sampler: SamplerName
  schedule: ScheduleName
  /** How long the whole schedule is, before strength takes its last part. */
  steps: number
  /** How many of them run, the last ones. */
  stepsRun: number
  config: SchedulerConfig
  kind: GenerateRequest['kind']
  family: FamilySchedules
}

/**
 * The noise levels of a generation and the steps along them. `automatic` is the model's own schedule under `diffusers`
 * semantics and AUTOMATIC1111's choice for the sampler otherwise; `model`, what `scheduler_config.json` says, where
 * diffusers lacks a class for the sampler as for `dpmpp_2m`.
 *
 * @throws PipelineError `not_supported` for what diffusers lacks, under its semantics, and for a schedule beyond all
 * use.
 */
export function makeRun(request: RunRequest): Run {
  const { semantics, sampler, schedule, steps, stepsRun } = request
  const refusal = scheduleRefusal(semantics, sampler, schedule, steps)
  if (refusal) throw new PipelineError(refusal.code, `${refusal.field}: ${refusal.reason}.`)
  // What diffusers has neither a class nor a schedule for has just been refused.
  if (semantics === 'diffusers' && isDiffusersSampler(sampler) && isDiffusersSchedule(schedule)) {
    return diffusersRun(sampler, diffusersSchedule(schedule, sampler, steps, pipelineConfig(request)), stepsRun)
  }
  const whole = a1111Steps(request)
  return {
    ...whole,
    // Where diffusers lays out a step too many, it is the last.
    sigmas: Float64Array.from([
      ...whole.sigmas.subarray(steps - stepsRun, steps),
      whole.sigmas[whole.sigmas.length - 1],
    ]),
    steps: stepsRun,
    sample: samplers[sampler].sample,
  }
}

/**
 * diffusers' pipelines for Stable Diffusion 1 and 2 set right, as they see it, what a configuration says: steps_offset
 * is 1, skip_prk_steps true, and clip_sample false where nothing is inpainted. Those for XL take it as it is.
 */
function pipelineConfig({ config, kind, family }: RunRequest): SchedulerConfig {
  if (!family.correctsConfig) return config
  const clipRange = kind === 'inpaint' ? config.clipRange : null
  return { ...config, stepsOffset: 1, clipRange, solver: { ...config.solver, rungeKutta: false } }
}

function a1111Steps({ sampler, schedule, steps, config, family }: RunRequest): Schedule {
  if (schedule !== 'model') {
    const { alignYourSteps } = family
    return a1111Schedule(schedule, sampler, steps, { table: noiseTable(config.noise), alignYourSteps })
  }
  return diffusersSchedule(schedule, isDiffusersSampler(sampler) ? sampler : 'dpmpp_2m', steps, config)
}
