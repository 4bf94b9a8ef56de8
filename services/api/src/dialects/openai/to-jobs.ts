import {
  img2imgFields,
  inpaintFields,
  type JobKind,
  type ModelEntry,
  resolveSize,
  txt2imgFields,
} from '@pentimento/contracts'
import { extendedSize, isExtended } from '@pentimento/vocabulary'
import { extensionOf } from '../extension.ts'
import { fittedFields } from '../fit-fields.ts'
import { fitPlainPrompt } from '../fit-prompt.ts'
import type { Size } from '../fit-size.ts'
import type { Asked } from '../submit-job.ts'
import { mostOfJob, type OpenaiFields } from './request.ts'

/** What a client wants painted. */
export interface Wanted {
  fields: OpenaiFields
  model: ModelEntry
  /** The picture to begin from, of that size in pixels. */
  image: (Size & { bytes: Uint8Array }) | null
  /** What is transparent in it is repainted; `holes`: what is transparent in the picture. */
  mask: Uint8Array | 'holes' | null
}

/** The jobs that paint it: one, or two where it asks for more pictures than a job has. */
export function jobsOf(wanted: Wanted): Asked[] {
  const { n } = wanted.fields
  const jobs: Asked[] = []
  for (let done = 0; done < n; done += mostOfJob) jobs.push(jobOf(wanted, Math.min(n - done, mostOfJob), done))
  return jobs
}

function jobOf({ fields, model, image, mask }: Wanted, count: number, done: number): Asked {
  const isInpaint = mask !== null || isExtended(extensionOf(fields))
  const kind = image === null ? 'txt2img' : isInpaint ? 'inpaint' : 'img2img'
  const own = ownFields(kind, fields)
  const size = sizeOf({ fields, model, image, mask }, kind, own)
  const inpaint = {
    area: own.inpaint_area === 'masked' ? 'masked' : 'whole',
    padding: Number(own.mask_padding ?? 32),
  } as const
  const fitted = size === null ? null : fittedFields(model, size, kind === 'inpaint' ? inpaint : undefined)
  return {
    kind,
    warnings: fitted?.warnings ?? [],
    files: [
      ...(image ? [{ name: 'image', bytes: image.bytes }] : []),
      ...(mask instanceof Uint8Array ? [{ name: 'mask', bytes: mask }] : []),
    ],
    fields: {
      ...kindDefaults(kind, fields),
      steps: stepsOf(fields.quality, model),
      ...own,
      ...seedsFrom(own.seed, done),
      ...fitted?.fields,
      model: model.id,
      prompt: fitPlainPrompt(fields.prompt, own.semantics),
      num_images: count,
      output_format: fields.output_format,
      output_quality: Math.max(1, fields.output_compression),
    },
  }
}

const shapes: Record<JobKind, object> = {
  txt2img: txt2imgFields.shape,
  img2img: img2imgFields.shape,
  inpaint: inpaintFields.shape,
}

/** What stands in OpenAI's own fields, or is not a matter of one request. */
const reserved = [
  'prompt',
  'model',
  'image_url',
  'image_job',
  'num_images',
  'output_format',
  'output_quality',
  'metadata',
]

/** Fields under the names of the native routes, which `extra_body` and the like bring along. */
function ownFields(kind: JobKind, fields: OpenaiFields): Record<string, unknown> {
  const isOwn = ([name, value]: [string, unknown]) =>
    Object.hasOwn(shapes[kind], name) && !reserved.includes(name) && value !== null && value !== ''
  return Object.fromEntries(Object.entries(fields).filter(isOwn))
}

/** What the clients' pictures should come to, of which OpenAI's fields say nothing. */
function kindDefaults(kind: JobKind, { input_fidelity }: OpenaiFields): Record<string, unknown> {
  switch (kind) {
    case 'txt2img':
      return {}
    case 'img2img':
      return { strength: input_fidelity === 'high' ? 0.55 : 0.75, resize_mode: 'crop' }
    case 'inpaint':
      return {
        strength: 1,
        resize_mode: 'crop',
        mask_mode: 'alpha',
        masked_content: 'original',
        composite: true,
        mask_blur: 4,
      }
  }
}

/** The size to answer with; null where our own fields say it. */
function sizeOf({ fields, model, image }: Wanted, kind: JobKind, own: Record<string, unknown>): Size | null {
  if (fields.size) return fields.size
  if (own.width !== undefined || own.height !== undefined) return null
  // A repainted picture stays what it is, or grows to its canvas.
  if (image !== null && kind === 'inpaint') return extendedSize(image, extensionOf(fields))
  const { native_size, sizes } = model
  return resolveSize({ semantics: 'a1111' }, native_size, image ?? { width: 1, height: 1 }, sizes.multiple)
}

const efforts: Record<string, number> = { low: 0.5, high: 1.5, hd: 1.5 }

function stepsOf(quality: string | undefined, { defaults }: ModelEntry): number {
  const effort = Object.hasOwn(efforts, quality ?? '') ? (efforts[quality ?? ''] ?? 1) : 1
  return Math.min(150, Math.max(1, Math.round(defaults.steps * effort)))
}

/** The seeds of a second job go on from the first one's. */
function seedsFrom(seed: unknown, done: number): Record<string, unknown> {
  const first = Number(seed ?? -1)
  return done > 0 && Number.isInteger(first) && first >= 0 ? { seed: first + done } : {}
}
