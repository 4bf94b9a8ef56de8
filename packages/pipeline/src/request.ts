import type { SamplerName, ScheduleName, Semantics, StepPolicy } from '@pentimento/vocabulary'

/** Row-major RGB, 3 bytes a pixel, sRGB. */
export interface RgbImage {
  width: number
  height: number
  data: Uint8Array
}

/** Row-major grey, 1 byte a pixel. As a mask: 255 repaints, 0 keeps. */
export interface GrayImage {
  width: number
  height: number
  data: Uint8Array
}

export type ResizeMode = 'stretch' | 'crop' | 'fill' | 'latent'
export type MaskedContent = 'original' | 'fill' | 'noise' | 'empty'

/** One generation, every value effective: nothing here has a default. */
export interface GenerateRequest {
  kind: 'img2img' | 'inpaint'
  image: RgbImage
  /** For `inpaint`. Of any size: it is resized (bilinear) to the image, then grown, blurred and resized like the image. */
  mask?: GrayImage
  prompt: string
  negativePrompt: string
  /** Pixels of the picture that is denoised, multiples of 8. */
  width: number
  height: number
  resizeMode: ResizeMode
  /** 0–1: the part of the schedule that is run. */
  strength: number
  steps: number
  stepPolicy: StepPolicy
  sampler: SamplerName
  schedule: ScheduleName
  guidanceScale: number
  /** 0–1, Lin et al. 2023, section 3.4. */
  guidanceRescale: number
  /** 1 is the last layer of the text encoder, 2 the one before it. */
  clipSkip: number
  /** Image i draws from seed + i, unless variationStrength is above 0. */
  seed: number
  numImages: number
  variationSeed: number
  variationStrength: number
  rng: 'cpu' | 'nv'
  semantics: Semantics
  colorCorrection: boolean
  maskGrow: number
  maskBlur: number
  maskedContent: MaskedContent
  inpaintArea: 'whole' | 'masked'
  maskPadding: number
  composite: boolean
  soft: boolean
}

export interface Progress {
  phase: 'encoding' | 'denoising' | 'decoding'
  step: number
  steps: number
}

export interface GeneratedImage {
  image: RgbImage
  seed: number
  variationSeed: number | null
}

export interface Warning {
  code: 'truncated_prompt' | 'unknown_words' | 'sampled_encoder' | 'inpaint_model_without_mask' | 'vae_float32_retry'
  message: string
}

export interface GenerateResult {
  images: GeneratedImage[]
  /** Sampler steps that ran. */
  stepsRun: number
  /** Evaluations of the UNet; all images together count once, the branches of guidance too unless they run apart. */
  modelCalls: number
  warnings: Warning[]
  timings: { encodeMs: number; denoiseMs: number; decodeMs: number }
}

export interface GenerateHooks {
  /** Looked at between steps; an abort ends the generation with `canceled`. */
  signal?: AbortSignal
  onProgress?: (progress: Progress) => void
  /**
   * Called after each step with the model's estimate of the finished latents, planar [n, channels, height, width] of the latents.
   * The array is reused by the next step: copy what you keep.
   */
  onLatents?: (denoised: Float32Array, shape: { images: number; height: number; width: number }, step: number) => void
}
