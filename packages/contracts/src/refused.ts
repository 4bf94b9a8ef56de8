import { type AskedFor, fromNoise, refusals } from '@pentimento/vocabulary'
import type { ModelEntry } from './catalog.ts'
import type { FieldIssue } from './field-issue.ts'
import type { JobFields } from './fields.ts'

/**
 * Every option that would have an effect and cannot be honoured: not by this model, not under these semantics, or not
 * at all. The pipeline refuses by the same rules, but only when the job runs.
 *
 * @param effective what the request comes to where its fields leave it open
 */
export function refusedIssues(
  fields: JobFields,
  effective: Pick<AskedFor, 'sampler' | 'schedule' | 'steps'>,
  model: Pick<ModelEntry, 'family' | 'unsupported'>,
): FieldIssue[] {
  const ofModel = model.unsupported
    .filter((option) => isUsed(option, fields))
    .map((option): FieldIssue => {
      const [name = ''] = option.split('=')
      return { code: 'not_supported', pointer: `/${name}`, detail: `this model does not support ${option}` }
    })
  const whole = 'strength' in fields ? fields : { ...fields, ...fromNoise }
  const asked: AskedFor = {
    ...effective,
    semantics: whole.semantics,
    stepPolicy: whole.step_policy,
    strength: whole.strength,
    resizeMode: whole.resize_mode,
    variationStrength: whole.variation_strength,
    clipSkip: whole.clip_skip,
    prompt: whole.prompt,
    negativePrompt: whole.negative_prompt,
    inpaint: 'soft' in fields ? { maskedContent: fields.masked_content, soft: fields.soft } : null,
  }
  return [
    ...ofModel,
    ...refusals(asked, model).map(({ code, field, reason }) => ({ code, pointer: `/${field}`, detail: reason })),
  ]
}

/** `name=value` means one value of a field, `name` alone every value but the one that does nothing. */
function isUsed(option: string, fields: JobFields): boolean {
  const [name = '', value] = option.split('=')
  const given = (fields as Record<string, unknown>)[name]
  if (value !== undefined) return String(given) === value
  return given !== undefined && given !== false && given !== 0 && !(name === 'clip_skip' && given === 1)
}
