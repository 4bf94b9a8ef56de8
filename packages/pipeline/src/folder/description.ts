import type { FamilyName, SamplerName, ScheduleName } from '@pentimento/vocabulary'
import type { LatentSpace } from './latent-space.ts'

export type PartName = 'text_encoder' | 'text_encoder_2' | 'unet' | 'vae_encoder' | 'vae_decoder'

/** Exporter eras: the ways in which known tools name, type and shape the same tensors. */
export type ExporterEra = 'diffusers' | 'optimum-1.6' | 'optimum-1.23' | 'optimum-1.24' | 'olive'

/** How the model lies there: an ONNX export of some era, or weights whose graphs are written here. */
type ModelOrigin = ExporterEra | 'single file' | 'diffusers weights'

/** What a model folder says about itself, read without running it. */
export interface ModelDescription {
  id: string
  family: FamilyName
  title: string
  /** What the model is, in the words of whoever made it. */
  description?: string
  licence: string | null
  /** Side in pixels of the square the model was trained on. */
  nativeSize: number
  /** Sides that the model accepts, in pixels: multiples of `multiple`, itself a whole number of latents. */
  sizes: { min: number; max: number; multiple: number }
  /** The model's own defaults; a request field that the caller left out takes them. */
  defaults: {
    steps?: number
    guidanceScale?: number
    sampler?: SamplerName
    schedule?: ScheduleName
    prompt?: string
    negativePrompt?: string
    strength?: number
  }
  /** Prompts that suit the model, for people who try it. */
  prompts?: string[]
  /** The words that the model understands, where it understands only some. */
  vocabulary?: string[]
  previews: LatentSpace['previews']
  /** Bytes on disk per part. */
  parts: Partial<Record<PartName, number>>
  exporterEra: ModelOrigin
  /** Element type of each part's first input; where the graphs are written here, the formats of its weights. */
  dtypes: Partial<Record<PartName, string>>
  /** Whether the UNet takes mask and masked picture beside the latents. */
  isInpaintModel: boolean
  prediction: 'epsilon' | 'v'
  /** How family, prediction and the like were told, in words, where the graphs are written here. */
  told?: Record<string, string>
  /** What has to be added before it runs, each in a sentence; absent from what is whole. */
  missing?: readonly string[]
  /** The largest clip_skip: how many of the text encoder's layers the export gives. 1: only the last. */
  maxClipSkip: number
}
