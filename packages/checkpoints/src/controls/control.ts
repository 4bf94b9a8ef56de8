import type { Family, Told } from '../architecture.ts'
import type { SafetensorsFile } from '../safetensors/read-safetensors.ts'
import type { Weights } from '../weights.ts'

/** How a T2I-Adapter is built. */
export interface AdapterShape {
  /** How many pixels a side it sees as one. */
  gathered: 8 | 16
  /** Of its pictures: 3, or 1 of those that are grey. */
  colours: 1 | 3
  /** What it adds at each level: how many channels, how many times smaller than the picture, and of how many blocks. */
  levels: readonly { channels: number; factor: number; halves: boolean; blocks: number }[]
}

interface ControlFile {
  file: SafetensorsFile
  /** By the names of diffusers' class, but for a union's values of attention. */
  weights: Weights
  /** Of the models that it was made for. */
  family: Told<Exclude<Family, 'sdxl-refiner'>>
}

/** A network that guides a UNet by a picture, read from its file and not yet held to a model. */
export type Control = ControlFile &
  (
    | {
        kind: 'controlnet'
        /** How many kinds of pictures a union tells apart; null: it is for one kind alone. */
        types: number | null
      }
    | { kind: 't2i-adapter'; shape: AdapterShape }
  )
