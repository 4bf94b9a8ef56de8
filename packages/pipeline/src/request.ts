import type {
  ControlPreprocessor,
  ControlType,
  maskFields,
  pictureFields,
  Settings,
  textFields,
} from '@pentimento/vocabulary'

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

/** What every picture is painted by: the fields of the wire under the names of code, every value effective. */
export type PictureSettings = Settings<typeof pictureFields>

/** The part of it that a picture from noise alone is painted by. */
export type TextSettings = Settings<typeof textFields>

/** What inpainting goes by besides. */
export type MaskSettings = Settings<typeof maskFields>

export type MaskedContent = MaskSettings['maskedContent']

/** A file whose vectors stand for its name as a word of the prompts. */
export interface ChosenEmbedding {
  name: string
  path: string
  /** The file is a LoRA that brings it along. */
  isBundled?: true
}

/** How painted pictures become larger. */
export interface Enlarging {
  /** How many times as long each side becomes, 1 or more. */
  factor: number
  /** The file of a network; null: Lanczos. */
  upscaler: { name: string; path: string } | null
  /** Painted once more at the larger size, with this strength; all these steps run. Null: not. */
  hires: { strength: number; steps: number } | null
}

/** A picture that the painted ones shall resemble, by the model's IP-Adapter. */
export interface ReferencePicture {
  image: RgbImage
  /** How strongly it counts beside the prompt. */
  scale: number
}

/** A picture that a network beside the UNet holds the result to. */
export interface ControlUse {
  /** Null: the picture that is painted over. */
  image: RgbImage | null
  /** For a union ControlNet: what kind of picture it is. */
  type?: ControlType | null
  preprocessor: ControlPreprocessor
  /** Of `canny` (100 and 200). */
  thresholds?: { low: number; high: number }
  scale: number
  /** From which share of the run to which. */
  start: number
  end: number
}

/** Results are looked at; those that are found unsafe are flagged, or black. */
export interface Safety {
  policy: 'flag' | 'block'
  /** The file of the safety checker. */
  checker: string
}

interface Beside {
  embeddings?: ChosenEmbedding[]
  /** One for each of the networks that the model was loaded with, in their order; without, they add nothing. */
  controls?: ControlUse[]
  enlarging?: Enlarging
  reference?: ReferencePicture
  safety?: Safety
  /** Of a second painting: steps that the prompts counted in the first. */
  stepsBefore?: number
}

export interface Txt2imgRequest extends TextSettings, Beside {
  kind: 'txt2img'
  image: null
  inpaint: null
}

export interface Img2imgRequest extends PictureSettings, Beside {
  kind: 'img2img'
  image: RgbImage
  inpaint: null
}

export interface InpaintRequest extends PictureSettings, Beside {
  kind: 'inpaint'
  image: RgbImage
  inpaint: Inpaint
}

export interface Inpaint extends MaskSettings {
  /** Of any size: it is resized (bilinear) to the image, then grown, blurred and resized like the image. */
  mask: GrayImage
}

/** One generation that begins from a picture. */
export type PictureRequest = Img2imgRequest | InpaintRequest

/** One generation, every value effective: nothing here has a default. */
export type GenerateRequest = Txt2imgRequest | PictureRequest

export interface Progress {
  phase: 'encoding' | 'denoising' | 'decoding'
  step: number
  steps: number
}

export interface GeneratedImage {
  image: RgbImage
  seed: number
  variationSeed: number | null
  /** Whether it was found unsafe; absent where nobody looked. */
  flagged?: boolean
}

export interface Warning {
  code:
    | 'truncated_prompt'
    | 'unknown_words'
    | 'sampled_encoder'
    | 'inpaint_model_without_mask'
    | 'vae_float32_retry'
    | 'model_changed'
    | 'lora_partly'
    | 'flagged'
  message: string
}

export interface GenerateResult {
  images: GeneratedImage[]
  /** Names of the embeddings that stand in the prompts. */
  embeddings: string[]
  /** Sampler steps that ran. */
  stepsRun: number
  /** Evaluations of the UNet; all images together count once, the branches of guidance too unless they run apart. */
  modelCalls: number
  warnings: Warning[]
  /** `shapeWarmupMs`: of all that, in first calls of shapes that a GPU had not seen; 0 on a CPU. */
  timings: { encodeMs: number; denoiseMs: number; decodeMs: number; shapeWarmupMs: number }
}

export interface GenerateHooks {
  /** Looks at a result, where the request asks for that. */
  isUnsafe?: (image: RgbImage) => Promise<boolean>
  /** The share of the device beside generations with other models (1). */
  weight?: number
  /** Looked at between steps; an abort ends the generation with `canceled`. */
  signal?: AbortSignal
  onProgress?: (progress: Progress) => void
  /**
   * Called after each step with the model's estimate of the finished latents, planar [n, channels, height, width] of
   * the latents. The array is reused by the next step: copy what you keep.
   */
  onLatents?: (denoised: Float32Array, shape: { images: number; height: number; width: number }, step: number) => void
}
