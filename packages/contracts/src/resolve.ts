import { extendedSize, isExtended, maskFields, resolveSampler, resolveSchedule, stepsRun } from '@pentimento/vocabulary'
import { type Adapters, resolveAdapters } from './adapters.ts'
import { canvasIssues } from './canvas.ts'
import { fallbackDefaults, type ModelEntry } from './catalog.ts'
import { type ControlParameters, resolveControls } from './controls.ts'
import { resolveEnlarging } from './enlarge.ts'
import type { FieldIssue } from './field-issue.ts'
import type { Img2imgFields, InpaintFields, JobFields, Txt2imgFields } from './fields.ts'
import { limits } from './limits.ts'
import {
  type InpaintParameters,
  inpaintParameters,
  type Parameters,
  parameters,
  type Txt2imgParameters,
  txt2imgParameters,
  valuesOf,
} from './parameters.ts'
import { resolveReference } from './reference.ts'
import { refusedIssues } from './refused.ts'
import { resolveSize, type Size, sizeIssues } from './resolve-size.ts'

export type Resolved<P> = { ok: true; parameters: P } | { ok: false; issues: FieldIssue[] }

type ModelFacts = Pick<ModelEntry, 'family' | 'native_size' | 'sizes' | 'defaults' | 'unsupported'> &
  Partial<Pick<ModelEntry, 'id' | 'layout'>> & {
    /** What is there for it to take; absent is nothing. */
    adapters?: Adapters
  }

/** Pictures that were sent beside the one that a job begins from. */
export interface SentPictures {
  reference?: boolean
}

/** A seed in 0…4294967295 - (count - 1), so that every image's own seed fits. */
function drawSeed(count: number): number {
  const [word = 0] = crypto.getRandomValues(new Uint32Array(1))
  return Math.min(word, limits.seedMax - count + 1)
}

/** What fields of any kind come to, all but `steps_run`. */
type Effective = Pick<
  Parameters,
  | 'width'
  | 'height'
  | 'sampler'
  | 'schedule'
  | 'steps'
  | 'guidance_scale'
  | 'seed'
  | 'variation_seed'
  | 'output_quality'
  | 'prompt'
  | 'loras'
  | 'reference_model'
  | 'reference_scale'
  | 'upscale'
  | 'upscaler'
  | 'hires_strength'
  | 'hires_steps'
  | keyof ControlParameters
>

/**
 * Turns parsed fields into every effective value for `model` and an input of the given size (pixels, orientation
 * applied). Draws the seeds, so that a retry of the job repeats the picture. Reports every field that cannot stand
 * beside the others.
 */
export function resolveParameters(
  fields: Img2imgFields | InpaintFields,
  model: ModelFacts,
  input: Size,
  sent: SentPictures = {},
): Resolved<Parameters> {
  const effective = resolveEffective(fields, model, input, sent)
  if (!effective.ok) return effective
  const { semantics, step_policy, strength } = fields
  const run = stepsRun(semantics, step_policy, effective.parameters.steps, strength)
  const steps_run = run + (effective.parameters.hires_steps ?? 0)
  return { ok: true, parameters: valuesOf(parameters, { ...fields, ...effective.parameters, steps_run }) }
}

/** As {@link resolveParameters}, from noise alone: of the model's native size, square where a side is not asked for. */
export function resolveTxt2imgParameters(
  fields: Txt2imgFields,
  model: ModelFacts,
  sent: SentPictures = {},
): Resolved<Txt2imgParameters> {
  const square = { width: model.native_size, height: model.native_size }
  const effective = resolveEffective(fields, model, square, sent)
  if (!effective.ok) return effective
  const { steps, hires_steps } = effective.parameters
  const run = { step_policy: null, steps_run: steps + (hires_steps ?? 0) }
  return { ok: true, parameters: valuesOf(txt2imgParameters, { ...fields, ...effective.parameters, ...run }) }
}

function resolveEffective(fields: JobFields, model: ModelFacts, input: Size, sent: SentPictures): Resolved<Effective> {
  const issues: FieldIssue[] = []
  const invalid = (pointer: string, detail: string) => issues.push({ code: 'invalid_fields', pointer, detail })
  const defaults = { ...fallbackDefaults, ...model.defaults }
  const named =
    fields.sampler === undefined ? { sampler: defaults.sampler, schedule: null } : resolveSampler(fields.sampler)
  const asked = fields.schedule === undefined ? undefined : resolveSchedule(fields.schedule)
  const carried = named?.schedule ?? undefined
  if (asked !== undefined && carried !== undefined && asked !== carried)
    invalid(
      '/schedule',
      `the sampler "${fields.sampler}" already says the schedule ${carried}; leave out schedule or name the sampler alone`,
    )
  // The model's default schedule belongs to its default sampler: another sampler gets its own.
  const fallbackSchedule =
    fields.sampler === undefined && fields.semantics === 'a1111' ? defaults.schedule : 'automatic'
  // What a canvas grows from is kept exactly only where it is not scaled.
  const keepsCanvas = 'inpaint_area' in fields && fields.inpaint_area === 'whole' && isExtended(fields)
  const size = resolveSize(fields, model.native_size, input, model.sizes.multiple, keepsCanvas)
  const { width, height } = size
  issues.push(...sizeIssues(fields, size, model.sizes))
  const steps = fields.steps ?? defaults.steps
  const count = fields.num_images
  const seeds = fields.variation_strength > 0 ? (['seed', 'variation_seed'] as const) : (['seed'] as const)
  for (const name of seeds)
    if (fields[name] + count - 1 > limits.seedMax)
      invalid(`/${name}`, `${name} + num_images - 1 must be at most ${limits.seedMax}`)
  if (width * height * count * steps > limits.pixelStepsMax)
    issues.push({
      code: 'too_much_work',
      pointer: '',
      detail: `width × height × num_images × steps must be at most ${limits.pixelStepsMax}`,
    })
  const effective = {
    sampler: named?.sampler ?? defaults.sampler,
    schedule: asked ?? carried ?? fallbackSchedule,
    steps,
  }
  const { layout = 'onnx', adapters = [], ...facts } = model
  const { prompt, loras, issues: ofAdapters } = resolveAdapters(fields, { ...facts, layout }, adapters)
  const reference = resolveReference(fields, sent.reference === true, { ...facts, layout }, adapters)
  const result = 'inpaint_area' in fields && fields.inpaint_area === 'masked' ? input : size
  const enlarged = resolveEnlarging(fields, { working: size, result, ...effective }, model, adapters)
  const controls = resolveControls(fields, { ...facts, layout }, adapters)
  issues.push(
    ...ofAdapters,
    ...reference.issues,
    ...controls.issues,
    ...enlarged.issues,
    ...refusedIssues({ ...fields, prompt }, effective, model),
  )
  if (issues.length > 0) return { ok: false, issues }
  return {
    ok: true,
    parameters: {
      ...size,
      ...effective,
      prompt,
      loras,
      ...reference.values,
      ...controls.values,
      ...enlarged.values,
      guidance_scale: fields.guidance_scale ?? defaults.guidance_scale,
      seed: fields.seed === -1 ? drawSeed(count) : fields.seed,
      variation_seed:
        fields.variation_strength === 0 ? null : fields.variation_seed === -1 ? drawSeed(count) : fields.variation_seed,
      output_quality: fields.output_format === 'png' ? null : fields.output_quality,
    },
  }
}

/**
 * As {@link resolveParameters}, with the fields of inpainting: everything is judged on the canvas that the input grows
 * to. `hasMask`: whether a mask file was sent.
 */
export function resolveInpaintParameters(
  fields: InpaintFields,
  model: ModelFacts,
  input: Size,
  hasMask: boolean,
  sent: SentPictures = {},
): Resolved<InpaintParameters> {
  const base = resolveParameters(fields, model, extendedSize(input, fields), sent)
  const issues: FieldIssue[] = [...canvasIssues(input, fields), ...(base.ok ? [] : base.issues)]
  const diffusers = fields.semantics === 'diffusers'
  if (fields.mask_mode !== undefined && fields.mask_mode !== 'alpha' && !hasMask)
    issues.push({ code: 'invalid_fields', pointer: '/mask_mode', detail: `${fields.mask_mode} needs a mask file` })
  if (issues.length > 0 || !base.ok) return { ok: false, issues }
  return {
    ok: true,
    parameters: valuesOf(inpaintParameters, {
      ...fields,
      ...base.parameters,
      mask_mode: fields.mask_mode ?? (hasMask ? 'white' : 'alpha'),
      mask_blur: fields.mask_blur ?? (diffusers ? 0 : maskFields.mask_blur.usual),
      mask_padding: fields.inpaint_area === 'masked' ? fields.mask_padding : null,
      composite: fields.composite ?? (diffusers ? fields.inpaint_area === 'masked' : true),
    }),
  }
}
