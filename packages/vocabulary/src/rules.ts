import { familyFacts } from './families.ts'
import type { Settings } from './field.ts'
import { joinedProblem, promptProblem } from './prompt-problem.ts'
import { joinedPrompts, promptSteps } from './prompt-schedule.ts'
import type { maskFields, pictureFields } from './request-fields.ts'
import { isDiffusersSampler, type SamplerName, samplerFacts } from './samplers.ts'
import { isDiffusersSchedule, type ScheduleName, scheduleTable } from './schedules.ts'
import { planSteps, type Semantics } from './steps.ts'

/** What a request asks for, as far as the rules look at it. */
export interface AskedFor
  extends Pick<
    Settings<typeof pictureFields>,
    | 'semantics'
    | 'sampler'
    | 'schedule'
    | 'steps'
    | 'stepPolicy'
    | 'strength'
    | 'resizeMode'
    | 'variationStrength'
    | 'clipSkip'
    | 'prompt'
    | 'negativePrompt'
  > {
  /** Null without a mask: these have no effect then. */
  inpaint: Pick<Settings<typeof maskFields>, 'maskedContent' | 'soft'> | null
}

/** What the rules look at in a model. */
interface RuledModel {
  family: string
}

/** An option that would have an effect and cannot be honoured. */
interface Refusal {
  code: 'not_supported' | 'too_few_steps'
  /** Of the wire contract. */
  field: string
  reason: string
}

/** The longest schedule that is built: 150 exact steps at a strength of 0.01 ask for 15,000. */
export const longestSchedule = 20_000

/**
 * Everything that no model can do under the semantics asked for, or that this family cannot, judged without weights: in
 * the order of the fields' weight.
 */
export function refusals(asked: AskedFor, model: RuledModel): Refusal[] {
  const own = asked.semantics === 'diffusers' ? underDiffusers(asked) : underA1111(asked, model)
  return [...own, ...ofSchedule(asked)]
}

/** What is wrong with sampler, schedule and length of schedule together. */
function ofSchedule({ semantics, sampler, schedule, steps, stepPolicy, strength }: AskedFor): Refusal[] {
  const { scheduleSteps, stepsRun } = planSteps(semantics, stepPolicy, steps, strength)
  const found: Refusal[] = []
  if (stepsRun === 0 && strength > 0) {
    const reason = `int(${steps} · ${strength}) is 0: raise steps or strength, or use semantics a1111`
    found.push({ code: 'too_few_steps', field: 'strength', reason })
  }
  const refusal = scheduleRefusal(semantics, sampler, schedule, scheduleSteps)
  return refusal ? [...found, refusal] : found
}

/**
 * Whether a sampler takes a schedule of that many steps under those semantics, and why not.
 *
 * @param scheduleSteps of the whole schedule, before strength takes its last part
 */
export function scheduleRefusal(
  semantics: Semantics,
  sampler: SamplerName,
  schedule: ScheduleName,
  scheduleSteps: number,
): Refusal | null {
  const { diffusers, knownTimesteps } = samplerFacts(sampler)
  const refuse = (field: string, reason: string): Refusal => ({ code: 'not_supported', field, reason })
  if (semantics === 'diffusers') {
    if (!isDiffusersSampler(sampler)) return refuse('sampler', `semantics diffusers has no scheduler for ${sampler}`)
    if (!isDiffusersSchedule(schedule)) return refuse('schedule', `semantics diffusers has no schedule ${schedule}`)
    if (scheduleTable[schedule].diffusers === 'curve' && !diffusers?.curves)
      return refuse('schedule', `semantics diffusers has no schedule ${schedule} for ${sampler}`)
  }
  if (scheduleSteps > longestSchedule)
    return refuse('strength', 'step_policy exact needs a higher strength for so many steps')
  const isScheduler = semantics === 'diffusers' || schedule === 'model'
  if (isScheduler && knownTimesteps !== undefined && scheduleSteps > knownTimesteps) {
    return refuse(
      'steps',
      `the sampler ${sampler} takes at most ${knownTimesteps} steps with this schedule, not ${scheduleSteps}`,
    )
  }
  return null
}

function underDiffusers({ stepPolicy, variationStrength, resizeMode, inpaint }: AskedFor): Refusal[] {
  const lacks: [boolean, string, string][] = [
    [stepPolicy === 'exact', 'step_policy', 'has no counterpart to step_policy exact'],
    [variationStrength > 0, 'variation_strength', 'has no variation seeds'],
    [resizeMode === 'latent', 'resize_mode', 'has no resize_mode latent'],
    [inpaint !== null && inpaint.maskedContent !== 'original', 'masked_content', 'knows only original'],
    [inpaint?.soft === true, 'soft', 'has no soft inpainting'],
  ]
  return lacks
    .filter(([isAsked]) => isAsked)
    .map(([, field, what]) => ({ code: 'not_supported', field, reason: `semantics diffusers ${what}` }))
}

function underA1111(asked: AskedFor, { family }: RuledModel): Refusal[] {
  const { prompt, negativePrompt, clipSkip, sampler } = asked
  const found: Refusal[] = []
  const steps = promptSteps(sampler, asked.steps)
  for (const [field, reason] of [
    ['prompt', joinedProblem(joinedPrompts(prompt)) ?? promptProblem(joinedPrompts(prompt), steps)],
    ['negative_prompt', promptProblem([{ text: negativePrompt }], steps)],
  ] as const)
    if (reason !== null) found.push({ code: 'not_supported', field, reason })
  const facts = familyFacts(family)
  if (facts && !facts.a1111ClipSkip && clipSkip > 1) {
    const reason = `AUTOMATIC1111 has no clip skip for ${facts.short}: leave it at 1, or take semantics diffusers`
    found.push({ code: 'not_supported', field: 'clip_skip', reason })
  }
  return found
}
