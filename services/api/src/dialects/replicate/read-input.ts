import type { JobKind, ModelEntry } from '@pentimento/contracts'
import {
  extendedSize,
  isExtended,
  maskFields,
  maskFileFields,
  requestFields,
  resolveSampler,
  sourceFields,
} from '@pentimento/vocabulary'
import { fieldProblem } from '../../http/problem.ts'
import { extensionOf } from '../extension.ts'
import { fittedFields } from '../fit-fields.ts'
import { fitPlainPrompt } from '../fit-prompt.ts'
import { parseSize, type Size } from '../fit-size.ts'
import type { Asked } from '../submit-job.ts'

export type Input = Readonly<Record<string, unknown>>

/** The pictures of an input, whole, and the size of the first. */
export interface InputPictures {
  image: Uint8Array | null
  mask: Uint8Array | null
  /** What it is held to, by the names of native fields. */
  controls?: { name: string; bytes: Uint8Array }[]
  size: Size | null
}

/** Schedulers by the names that Replicate's models give them. */
const schedulers: Record<string, { sampler: string; schedule?: string }> = {
  ddim: { sampler: 'ddim' },
  dpmsolvermultistep: { sampler: 'dpmpp_2m' },
  'dpm++2msde': { sampler: 'dpmpp_2m_sde' },
  heundiscrete: { sampler: 'heun' },
  karrasdpm: { sampler: 'dpmpp_2m', schedule: 'karras' },
  k_euler: { sampler: 'euler' },
  k_euler_ancestral: { sampler: 'euler_a' },
  pndm: { sampler: 'pndm' },
  klms: { sampler: 'lms' },
}

/** What their models call otherwise. */
const renamed: Record<string, string> = {
  prompt_strength: 'strength',
  denoising_strength: 'strength',
  num_outputs: 'num_images',
  num_inference_steps: 'steps',
  mask_image: 'mask',
}

/**
 * The job that an input asks for, in the words of native routes: Replicate's names, or our own. Under `diffusers`,
 * which the models behind these names run by, unless it says otherwise. What is neither means nothing.
 *
 * @throws HttpProblem
 */
export function readInput(input: Input, model: ModelEntry, { image, mask, controls = [], size }: InputPictures): Asked {
  const own = ownFields(input)
  const by = extensionOf(own)
  const kind = mask !== null || (image !== null && isExtended(by)) ? 'inpaint' : image !== null ? 'img2img' : 'txt2img'
  if (image === null && mask !== null) throw fieldProblem('image_required', 'image', 'a mask needs an image')
  const strength = Number(own.strength ?? (kind === 'inpaint' ? 1 : 0.8))
  const area = own.inpaint_area === 'masked' ? ('masked' as const) : ('whole' as const)
  const inpaint = kind !== 'inpaint' ? undefined : { area, padding: Number(own.mask_padding ?? 32) }
  const fitted = fittedFields(model, askedSize(input, model, size && extendedSize(size, by)), inpaint)
  const semantics = own.semantics ?? 'diffusers'
  const fields: Record<string, unknown> = {
    ...own,
    semantics,
    model: model.id,
    prompt: promptOf(input, 'prompt', semantics),
    negative_prompt: promptOf(input, 'negative_prompt', semantics),
    ...schedulerOf(input, own),
    ...(kind !== 'txt2img' && { strength }),
    ...(semantics === 'diffusers' &&
      kind !== 'txt2img' && { steps: enoughSteps(Number(own.steps ?? model.defaults.steps), strength) }),
    ...(mask !== null && { mask_mode: own.mask_mode ?? 'white' }),
    ...(kind === 'inpaint' && { composite: own.composite ?? true }),
    ...fitted.fields,
  }
  const files = [
    ...(image === null ? [] : [{ name: 'image', bytes: image }]),
    ...(mask === null ? [] : [{ name: 'mask', bytes: mask }]),
    ...controls,
  ]
  return { kind, fields: fieldsOf(kind, fields), files, warnings: fitted.warnings }
}

/** Fields under native names, for native routes to judge; nothing that was left empty. */
function ownFields(input: Input): Record<string, unknown> {
  const fields: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(input)) {
    const field = renamed[name] ?? name
    if (value === null || value === '' || !(field in requestFields) || field in fields) continue
    fields[field] = field === 'output_format' && value === 'jpg' ? 'jpeg' : value
  }
  return fields
}

/** Without what a kind has not: it would have no effect. */
function fieldsOf(kind: JobKind, fields: Record<string, unknown>): Record<string, unknown> {
  const lacks = [
    ...(kind === 'inpaint' ? [] : Object.keys({ ...maskFields, ...maskFileFields })),
    ...(kind === 'txt2img' ? Object.keys(sourceFields) : []),
  ]
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !lacks.includes(name)))
}

function promptOf(input: Input, name: string, semantics: unknown): string {
  const value = input[name] ?? ''
  if (typeof value !== 'string') throw fieldProblem('invalid_fields', name, 'must be a text')
  return fitPlainPrompt(value, semantics)
}

function schedulerOf(input: Input, own: Record<string, unknown>): object {
  const named = input.scheduler
  if (typeof named !== 'string' || named === '' || own.sampler !== undefined) return {}
  const known = schedulers[named.toLowerCase().replace(/\s+/g, '')] ?? resolveSampler(named)
  if (!known)
    throw fieldProblem('invalid_fields', 'scheduler', `unknown: known are ${Object.keys(schedulers).join(', ')}`)
  return { sampler: known.sampler, ...(known.schedule && { schedule: known.schedule }) }
}

/** diffusers runs int(steps · strength) of them: as many as one needs. */
function enoughSteps(steps: number, strength: number): number {
  return strength > 0 && strength <= 1 && Math.trunc(steps * strength) === 0 ? Math.ceil(1 / strength) : steps
}

/** In this order: both sides or one, `size`, `aspect_ratio` at the model's own area, that of the picture. */
function askedSize(input: Input, model: ModelEntry, picture: Size | null): Size {
  const [width, height] = [side(input, 'width'), side(input, 'height')]
  const ratio = /^(\d{1,4}):(\d{1,4})$/.exec(String(input.aspect_ratio ?? ''))
  const shape = ratio ? { width: Number(ratio[1]), height: Number(ratio[2]) } : picture
  const aspect = shape && shape.width > 0 && shape.height > 0 ? shape.width / shape.height : 1
  if (width && height) return { width, height }
  if (width) return { width, height: width / aspect }
  if (height) return { width: height * aspect, height }
  const size = parseSize(input.size)
  if (size) return size
  if (picture && !ratio) return picture
  return { width: model.native_size * Math.sqrt(aspect), height: model.native_size / Math.sqrt(aspect) }
}

function side(input: Input, name: string): number | null {
  const value = input[name]
  if (value === undefined || value === null || value === '') return null
  const number = Number(value)
  if (!Number.isFinite(number) || number < 1) throw fieldProblem('invalid_fields', name, 'must be a number of pixels')
  return number
}
