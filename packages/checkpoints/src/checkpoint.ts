import type { Family, TextFacts, Told, UnetFacts } from './architecture.ts'
import type { JsonObject } from './read-json.ts'
import type { SafetensorsFile } from './safetensors/read-safetensors.ts'
import type { Heads, Prediction } from './sidecar.ts'
import type { CheckpointPart } from './split-parts.ts'
import type { Weights } from './weights.ts'

export type Activation = 'quick_gelu' | 'gelu'

/** A model's weights and everything that decides how they are run, read but not loaded. */
export interface Checkpoint {
  /** Absolute. */
  path: string
  layout: 'file' | 'folder'
  /**
   * How the JSON file is called that may correct what is told: NAME.json beside a file, pentimento.json in a folder.
   */
  sidecarName: string
  family: Told<Family>
  /** Of the parts that are there. */
  weights: Partial<Record<CheckpointPart, Weights>>
  unet: UnetFacts
  texts: Partial<Record<'text_encoder' | 'text_encoder_2', TextFacts & { activation: Activation }>>
  /** As stated; where nothing is, 8 for projections by convolution, else one for each 64 channels. */
  heads: Heads
  /**
   * Which text encoders' heads were guessed, as they are not whole ones of 64 channels and nothing states them; else
   * null.
   */
  headsTold: string | null
  /** Null: only a run tells. */
  prediction: Told<Prediction | null>
  /** In the words of diffusers' scheduler_config.json. */
  scheduler: JsonObject
  /** In the words of diffusers' model_index.json and of the VAE's config.json; empty for a single file. */
  configs: { model_index: JsonObject; vae: JsonObject }
  /**
   * What the file and its sidecar say of it: title, licence, native_size, defaults and the like, in the words of
   * pentimento.json.
   */
  manifest: JsonObject
  /** What every `defaults` of the manifest was told by, or null without any. */
  defaultsTold: string | null
  /** What a model needs and is not there, each with what to do. */
  missing: { part: CheckpointPart; advice: string }[]
  /** Names that belong to a part, and stand for nothing known there. */
  unknown: string[]
  /** The files that hold the weights, as they were when they were read. */
  files: WeightFile[]
}

/** A file that holds weights, as it was when its head was read. */
export type WeightFile = Pick<SafetensorsFile, 'path' | 'size' | 'modified'>
