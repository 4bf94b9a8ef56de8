import {
  type InpaintParameters,
  type JobInput,
  type JobRequest,
  type Parameters,
  requestVersion,
} from '@pentimento/contracts'

const parameters: Parameters = {
  prompt: 'a red circle',
  negative_prompt: '',
  width: 64,
  height: 64,
  resize_mode: 'stretch',
  strength: 0.75,
  steps: 25,
  steps_run: 19,
  step_policy: 'proportional',
  sampler: 'dpmpp_2m',
  schedule: 'automatic',
  guidance_scale: 7,
  guidance_rescale: 0,
  clip_skip: 1,
  seed: 42,
  num_images: 1,
  variation_seed: null,
  variation_strength: 0,
  rng: 'cpu',
  semantics: 'a1111',
  color_correction: false,
  output_format: 'png',
  output_quality: null,
  embed_metadata: true,
}

const inpaintParameters: InpaintParameters = {
  ...parameters,
  mask_mode: 'white',
  mask_grow: 0,
  mask_blur: 4,
  masked_content: 'original',
  inpaint_area: 'whole',
  mask_padding: null,
  composite: true,
  soft: false,
}

const base = {
  version: requestVersion,
  tenant: 'default',
  model: 'tiny-sd1',
  metadata: {},
  expires_in: 3600,
  deadline: 600,
  webhook: null,
  traceparent: null,
} as const

const size = { bytes: 100, width: 8, height: 8 }
export const imageInput: JobInput = { name: 'image', role: 'source', key: 'image.png', ...size }
const maskInput: JobInput = { name: 'mask', role: 'mask', key: 'mask.png', ...size }

/** An accepted img2img job of 64×64 pixels, 25 steps at 0.75. */
export function img2imgRequest(overrides: Partial<Parameters> = {}): JobRequest & { kind: 'img2img' } {
  return {
    ...base,
    kind: 'img2img',
    inputs: [imageInput],
    parameters: { ...parameters, ...overrides },
  }
}

/** The same with a mask file. */
export function inpaintRequest(overrides: Partial<InpaintParameters> = {}): JobRequest & { kind: 'inpaint' } {
  return {
    ...base,
    kind: 'inpaint',
    inputs: [imageInput, maskInput],
    parameters: { ...inpaintParameters, ...overrides },
  }
}
