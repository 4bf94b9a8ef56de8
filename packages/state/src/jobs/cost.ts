import { canvasSize, controlCost, type JobInput, type JobRequest, promptCost } from '@pentimento/contracts'

/** What of a job says how much work it is. */
interface Costly {
  parameters: JobRequest['parameters']
  inputs: readonly Pick<JobInput, 'role' | 'width' | 'height'>[]
}

/**
 * What a job costs, in megapixel-steps: the unit of fairness and quotas. A job of no steps still encodes and decodes,
 * and counts as one of a step.
 *
 * Its inputs are worked on at their own size (a picture that is extended at the canvas's), however small the job: 0.1
 * s of a core per unit, which a megapixel-step takes on a fast GPU. Measured for each megapixel of 16.8: decoding and
 * fitting 0.12 s; stretching, growing and pasting a mask 0.2 s, blurring it by 4 pixels 0.1 s and by 64 0.77 s;
 * putting one result back into the picture, and encoding that, 0.8 s. Resize mode `latent` gives the picture to the
 * VAE as it is, which is like a step.
 */
export function jobCost({ parameters, inputs }: Costly): number {
  const { width, height, num_images, steps_run, hires_steps } = parameters
  const steps = Math.max(1, (steps_run - (hires_steps ?? 0)) * promptCost(parameters) * controlCost(parameters))
  const painting = width * height * num_images * steps
  const masking = 'mask_blur' in parameters ? 2 + parameters.mask_blur / 8 : 0
  const pasting = pastesBack(parameters) ? 8 * num_images : 0
  const encoding = 'resize_mode' in parameters && parameters.resize_mode === 'latent' ? 1 : 0
  const canvas = canvasPixels({ parameters, inputs })
  const reading = parameters.reference_model === null ? 0 : referencePixels
  return (
    (painting +
      enlarging({ parameters, inputs }) +
      reading +
      pixelsOf(inputs) +
      canvas * (masking + pasting + encoding)) /
    1e6
  )
}

/**
 * What an image encoder does with a reference picture, in pixel-steps: ViT-H twice is some 0.7 TFLOP, and a step of
 * SD 1.5 at 512² with both halves of guidance about as much.
 */
const referencePixels = 512 * 512

/**
 * What is done at the larger size, in pixel-steps: the second painting, and for each result one step for encoding it
 * and one for enlarging, which a network that makes
 * four times the side needs.
 */
function enlarging({ parameters, inputs }: Costly): number {
  const { width, height, upscale, num_images, hires_steps } = parameters
  const area = upscale ** 2
  const again =
    width * height * area * num_images * (hires_steps ?? 0) * promptCost(parameters) * controlCost(parameters)
  return upscale === 1 ? again : again + 2 * resultPixels({ parameters, inputs })
}

/**
 * Room that is kept in a tenant's storage for a job's results until they are there, bytes: as much as their pixels,
 * which no encoder makes much larger.
 */
export function resultBytes({ parameters, inputs }: Costly): number {
  return resultPixels({ parameters, inputs }) * 3
}

/** Of all results together. */
function resultPixels({ parameters, inputs }: Costly): number {
  const { width, height, num_images, upscale } = parameters
  const pixels = pastesBack(parameters)
    ? Math.max(width * height, canvasPixels({ parameters, inputs }))
    : width * height
  return pixels * num_images * upscale ** 2
}

/** Whether results have the size of the picture, and not that which was asked for. */
function pastesBack(parameters: JobRequest['parameters']): boolean {
  return 'inpaint_area' in parameters && parameters.inpaint_area === 'masked'
}

/** Of the picture that a job begins from, with what it is extended by. */
function canvasPixels({ parameters, inputs }: Costly): number {
  const sources = inputs.filter(({ role }) => role === 'source')
  return pixelsOf(sources.map((one) => canvasSize(one, parameters)))
}

function pixelsOf(pictures: readonly { width: number; height: number }[]): number {
  return pictures.reduce((sum, { width, height }) => sum + width * height, 0)
}
