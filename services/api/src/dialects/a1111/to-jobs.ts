import type { JobKind } from '@pentimento/contracts'
import { fittedFields } from '../fit-fields.ts'
import type { PictureText } from '../picture-text.ts'
import type { Asked } from '../submit-job.ts'
import type { Hires } from './hires.ts'
import type { A1111Request } from './read-request.ts'
import { flagOf, integerOf, numberOf, type Sent } from './values.ts'

const mostOfJob = 8

/** A part of a request that one job paints. */
interface Part {
  kind: JobKind
  fields: Record<string, unknown>
  files: Asked['files']
  inpaint?: { area: 'whole' | 'masked'; padding: number }
  /** Where its size is not simply that of the request. */
  fitted?: Pick<Hires, 'fields' | 'warnings'>
}

/** The jobs of `txt2img`. Its `denoising_strength` belongs to a second pass, and is no strength. */
export function textJobs(request: A1111Request, hires: Hires | null): Asked[] {
  const part: Part = { kind: 'txt2img', fields: {}, files: [], ...(hires && { fitted: hires }) }
  return jobsOf(request, [part], request.batchSize * request.iterations)
}

/** The jobs of `img2img`: with several pictures, one for each. */
export function imageJobs(
  request: A1111Request,
  sent: Sent,
  images: readonly PictureText[],
  mask: Uint8Array | null,
): Asked[] {
  const parts = images.map((image): Part => {
    const fields = {
      strength: numberOf(sent, 'denoising_strength', 0.75, { min: 0, max: 1 }),
      resize_mode: resizeModes[integerOf(sent, 'resize_mode', 0, { min: 0, max: 3 })],
      color_correction: request.colorCorrection,
      ...('url' in image && { image_url: image.url }),
    }
    const files = 'bytes' in image ? [{ name: 'image', bytes: image.bytes }] : []
    if (mask === null) return { kind: 'img2img', fields, files }
    return {
      kind: 'inpaint',
      fields: { ...fields, ...maskFields(sent), soft: request.soft },
      files: [...files, { name: 'mask', bytes: mask }],
      inpaint: {
        area: flagOf(sent, 'inpaint_full_res', true) ? 'masked' : 'whole',
        padding: integerOf(sent, 'inpaint_full_res_padding', 0, { min: 0, max: 256 }),
      },
    }
  })
  const each =
    images.length > 1
      ? request.iterations * Math.max(1, Math.ceil(request.batchSize / images.length))
      : request.batchSize * request.iterations
  return jobsOf(request, parts, each)
}

const resizeModes = ['stretch', 'crop', 'fill', 'latent']
const maskedContents = ['fill', 'original', 'noise', 'empty']

function maskFields(sent: Sent): Record<string, unknown> {
  const blur = (name: string) => numberOf(sent, name, 4, { min: 0, max: 64 })
  const both = (blur('mask_blur_x') + blur('mask_blur_y')) / 2
  return {
    mask_mode: flagOf(sent, 'inpainting_mask_invert', false) ? 'black' : 'white',
    mask_blur: Math.round(numberOf(sent, 'mask_blur', both, { min: 0, max: 64 })),
    masked_content: maskedContents[integerOf(sent, 'inpainting_fill', 0, { min: 0, max: 3 })],
  }
}

/** At most so many pictures each as one job paints, the seeds going on from one to the next. */
function jobsOf(request: A1111Request, parts: readonly Part[], each: number): Asked[] {
  const jobs: Asked[] = []
  let done = 0
  for (const part of parts) {
    for (let left = each; left > 0; left -= mostOfJob) {
      const count = Math.min(left, mostOfJob)
      jobs.push(jobOf(request, part, count, done))
      done += count
    }
  }
  return jobs
}

function jobOf(request: A1111Request, part: Part, count: number, done: number): Asked {
  const { kind, fields, files, inpaint, fitted = fittedFields(request.model, request, inpaint) } = part
  const varies = request.subseedStrength > 0
  return {
    kind,
    files,
    warnings: fitted.warnings,
    fields: {
      semantics: 'a1111',
      model: request.model.id,
      prompt: request.prompt,
      negative_prompt: request.negativePrompt,
      steps: request.steps,
      sampler: request.sampler,
      schedule: request.schedule,
      guidance_scale: request.cfgScale,
      clip_skip: request.clipSkip,
      rng: request.rng,
      seed: varies ? request.seed : request.seed + done,
      ...(varies && { variation_strength: request.subseedStrength, variation_seed: request.subseed + done }),
      num_images: count,
      output_format: request.format,
      output_quality: request.quality,
      ...(kind !== 'txt2img' && { step_policy: request.exactSteps ? 'exact' : 'proportional' }),
      ...fields,
      ...fitted.fields,
    },
  }
}
