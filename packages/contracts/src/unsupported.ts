import type { ModelEntry } from './catalog.ts'
import type { Img2imgFields, InpaintFields } from './fields.ts'
import type { FieldIssue } from './resolve.ts'
import type { SamplerName } from './samplers.ts'
import type { ScheduleName } from './schedules.ts'
import { unsupportedSyntax } from './unsupported-syntax.ts'

/** What a request comes to where its fields leave it open. */
export interface Effective {
  sampler: SamplerName
  schedule: ScheduleName
  steps: number
}

/** diffusers has no class for these samplers, */
const withoutClass: readonly SamplerName[] = ['dpmpp_2s_a', 'dpmpp_3m_sde']
/** and its classes for these follow no curve of sigmas. */
const withoutCurves: readonly SamplerName[] = ['euler_a', 'ddim', 'pndm', 'lcm']
const curves: readonly ScheduleName[] = ['karras', 'exponential', 'beta']
const withoutOption: readonly ScheduleName[] = ['polyexponential', 'kl_optimal', 'align_your_steps']

/** LCM models are distilled to so many timesteps, and diffusers' scheduler lays out no more. */
const lcmSteps = 50
/** The longest schedule that is built; `exact` builds one of steps / strength. */
const longestSchedule = 20_000

/**
 * Every option that would have an effect and cannot be honoured: not by this model, not under these semantics, or not at all. The pipeline refuses the same,
 * but only when the job runs; a test of the worker holds the two together.
 */
export function unsupportedIssues(
  fields: Img2imgFields | InpaintFields,
  effective: Effective,
  model: Pick<ModelEntry, 'family' | 'unsupported'>,
): FieldIssue[] {
  const issues: FieldIssue[] = []
  const refuse = (name: string, detail: string) => issues.push({ code: 'not_supported', pointer: `/${name}`, detail })
  for (const option of model.unsupported)
    if (isUsed(option, fields)) refuse(option.split('=')[0] ?? '', `this model does not support ${option}`)
  if (fields.semantics === 'diffusers') refuseUnderDiffusers(fields, effective, refuse)
  else refuseUnderA1111(fields, model, refuse)
  const { sampler, schedule, steps } = effective
  const asScheduler = fields.semantics === 'diffusers' || schedule === 'model'
  const exact = fields.step_policy === 'exact' && fields.strength > 0
  const planned = exact ? Math.trunc(steps / Math.min(fields.strength, 0.999)) : steps
  if (planned > longestSchedule) refuse('strength', 'step_policy exact needs a higher strength for so many steps')
  else if (sampler === 'lcm' && asScheduler && planned > lcmSteps)
    refuse('steps', `the sampler lcm takes at most ${lcmSteps} steps with this schedule, not ${planned}`)
  return issues
}

type Refuse = (name: string, detail: string) => void

function refuseUnderDiffusers(
  fields: Img2imgFields | InpaintFields,
  { sampler, schedule }: Effective,
  refuse: Refuse,
): void {
  if (fields.step_policy === 'exact')
    refuse('step_policy', 'semantics diffusers has no counterpart to step_policy exact')
  if (fields.variation_strength > 0) refuse('variation_strength', 'semantics diffusers has no variation seeds')
  if (fields.resize_mode === 'latent') refuse('resize_mode', 'semantics diffusers has no resize_mode latent')
  if ('masked_content' in fields && fields.masked_content !== 'original')
    refuse('masked_content', 'semantics diffusers knows only original')
  if ('soft' in fields && fields.soft) refuse('soft', 'semantics diffusers has no soft inpainting')
  if (withoutClass.includes(sampler)) refuse('sampler', `semantics diffusers has no scheduler for ${sampler}`)
  else if (withoutOption.includes(schedule)) refuse('schedule', `semantics diffusers has no schedule ${schedule}`)
  else if (withoutCurves.includes(sampler) && curves.includes(schedule))
    refuse('schedule', `semantics diffusers has no schedule ${schedule} for ${sampler}`)
}

function refuseUnderA1111(
  fields: Img2imgFields | InpaintFields,
  { family }: Pick<ModelEntry, 'family'>,
  refuse: Refuse,
): void {
  for (const name of ['prompt', 'negative_prompt'] as const) {
    const syntax = unsupportedSyntax(fields[name])
    if (syntax !== null)
      refuse(name, `${syntax} is not supported: leave it out, or put a backslash before a bracket meant as text`)
  }
  if (family.startsWith('sdxl') && fields.clip_skip > 1)
    refuse('clip_skip', 'AUTOMATIC1111 has no clip skip for SDXL: leave it at 1, or take semantics diffusers')
}

/** `name=value` means one value of a field, `name` alone every value but the one that does nothing. */
function isUsed(option: string, fields: Img2imgFields | InpaintFields): boolean {
  const [name = '', value] = option.split('=')
  const given = (fields as Record<string, unknown>)[name]
  if (value !== undefined) return String(given) === value
  return given !== undefined && given !== false && given !== 0 && !(name === 'clip_skip' && given === 1)
}
