import {
  enlargedSize,
  hiresSize,
  plainUpscaler,
  planSteps,
  type SamplerName,
  type ScheduleName,
  scheduleRefusal,
} from '@pentimento/vocabulary'
import type { Adapters } from './adapters.ts'
import type { ModelEntry } from './catalog.ts'
import type { FieldIssue } from './field-issue.ts'
import type { JobFields } from './fields.ts'
import { limits } from './limits.ts'
import type { Parameters } from './parameters.ts'
import type { Size } from './resolve-size.ts'

interface Painted {
  /** What the model works at. */
  working: Size
  /** Of the result before it is enlarged. */
  result: Size
  steps: number
  sampler: SamplerName
  schedule: ScheduleName
}

interface Enlarged {
  values: Pick<Parameters, 'upscale' | 'upscaler' | 'hires_strength' | 'hires_steps'>
  issues: FieldIssue[]
}

type Asked = Pick<JobFields, 'upscale' | 'upscaler' | 'hires_strength' | 'hires_steps' | 'num_images' | 'semantics'>

/** The effective values of the fields that enlarge a result, and all that cannot be of it. */
export function resolveEnlarging(
  fields: Asked,
  painted: Painted,
  { sizes }: Pick<ModelEntry, 'sizes'>,
  adapters: Adapters,
): Enlarged {
  const { upscale, upscaler, hires_strength, num_images: count } = fields
  const isHires = hires_strength > 0
  const hires_steps = isHires ? (fields.hires_steps ?? painted.steps) : null
  const issues = upscale > 1 ? upscalerIssues(upscaler, adapters) : []
  const { width, height } = enlargedSize(painted.result, upscale)
  const most = Math.min(limits.imagePixels, Math.floor(limits.resultPixels / count))
  if (upscale > 1 && width * height > most)
    issues.push({
      code: 'too_much_work',
      pointer: '/upscale',
      detail: `${count === 1 ? 'a result has' : `${count} results have`} at most ${most} pixels${count === 1 ? '' : ' each'}, not ${width} × ${height}`,
    })
  if (hires_steps !== null) issues.push(...hiresIssues(fields, painted, hires_steps, sizes))
  return {
    values: { upscale, upscaler: upscale > 1 ? upscaler : null, hires_strength, hires_steps },
    issues,
  }
}

function upscalerIssues(name: string, adapters: Adapters): FieldIssue[] {
  if (name === plainUpscaler) return []
  const pointer = '/upscaler'
  if (adapters === null) {
    const detail = 'no worker is there to say which upscalers this model has; try again shortly'
    return [{ code: 'no_worker', pointer, detail }]
  }
  const known = adapters.filter(({ kind }) => kind === 'upscaler').map((one) => one.name)
  if (known.includes(name)) return []
  const list = [plainUpscaler, ...known].slice(0, 20).join(', ')
  return [{ code: 'unknown_upscaler', pointer, detail: `there is no upscaler ${JSON.stringify(name)}; known: ${list}` }]
}

function hiresIssues(
  { upscale, hires_strength: strength, num_images: count, semantics }: Asked,
  { working, steps, sampler, schedule }: Painted,
  hiresSteps: number,
  { max, multiple }: ModelEntry['sizes'],
): FieldIssue[] {
  const issues: FieldIssue[] = []
  const pointer = '/hires_strength'
  if (semantics === 'diffusers')
    issues.push({ code: 'not_supported', pointer, detail: 'semantics diffusers has no second painting' })
  const { width, height } = hiresSize(working, upscale, multiple)
  if (Math.max(width, height) > max)
    issues.push({
      code: 'invalid_fields',
      pointer: '/upscale',
      detail: `with hires_strength this model paints at most ${max} pixels a side, not ${width} × ${height}`,
    })
  if ((working.width * working.height * steps + width * height * hiresSteps) * count > limits.pixelStepsMax)
    issues.push({
      code: 'too_much_work',
      pointer: '/hires_steps',
      detail: `pixels × steps of both paintings together must be at most ${limits.pixelStepsMax}`,
    })
  const refusal = scheduleRefusal(
    semantics,
    sampler,
    schedule,
    planSteps(semantics, 'exact', hiresSteps, strength).scheduleSteps,
  )
  if (refusal && semantics !== 'diffusers')
    issues.push({ code: refusal.code, pointer, detail: `${refusal.reason} (for the second painting)` })
  return issues
}
