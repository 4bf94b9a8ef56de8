import { ldmUnetNames } from './names/ldm-unet.ts'
import { isOpenClip, textNames } from './names/text-names.ts'
import { vaeNames } from './names/vae-names.ts'
import type { Tensor, Weights } from './weights.ts'

/** The networks that a model is made of. The VAE's two halves stand together, as in all files. */
export const partNames = ['text_encoder', 'text_encoder_2', 'unet', 'vae'] as const
export type CheckpointPart = (typeof partNames)[number]

/** The networks of a file, by the names of diffusers and transformers. */
export interface Parts {
  weights: Partial<Record<CheckpointPart, Weights>>
  /** Text encoders whose names are OpenCLIP's. Whoever trained with OpenCLIP has another activation than CLIP. */
  openClip: CheckpointPart[]
  /** Names, as stored, that belong to a network and stand for nothing known there. */
  unknown: string[]
}

const unetPrefixes = ['model.diffusion_model.', 'diffusion_model.', '']
const vaePrefixes = ['first_stage_model.', 'vae.']
const firstTextPrefixes = [
  'cond_stage_model.transformer.',
  'cond_stage_model.model.',
  'conditioner.embedders.0.transformer.',
  'conditioner.embedders.0.model.',
]
const secondTextPrefixes = ['conditioner.embedders.1.model.', 'conditioner.embedders.1.transformer.']

/** SD 2.x was trained on the last layer but one of 24, and its files store the last one too. */
const unusedLayer = /^text_model\.encoder\.layers\.23\./

/** What stands at the UNet's names in this file, or null if it has no UNet in LDM's layout. */
function unetPrefix(tensors: ReadonlyMap<string, Tensor>): string | null {
  return unetPrefixes.find((prefix) => tensors.has(`${prefix}input_blocks.0.0.weight`)) ?? null
}

/**
 * Takes a single file apart: LDM's layout, whole or the UNet alone. Copies for training (EMA) and tables of the
 * schedule are left.
 */
export function splitParts(tensors: ReadonlyMap<string, Tensor>): Parts {
  const parts: Parts = { weights: {}, openClip: [], unknown: [] }
  const take = (
    part: CheckpointPart,
    prefixes: readonly string[],
    rename: (own: ReadonlyMap<string, Tensor>) => { weights: Map<string, Tensor>; unknown: string[] },
  ): ReadonlyMap<string, Tensor> | null => {
    for (const prefix of prefixes) {
      const own = below(tensors, prefix)
      const { weights, unknown } = rename(own)
      if (weights.size === 0) continue
      parts.weights[part] = weights
      // Without a prefix, whatever the file holds besides would be counted.
      if (prefix !== '') parts.unknown.push(...unknown.map((name) => prefix + name))
      return own
    }
    return null
  }
  const prefix = unetPrefix(tensors)
  if (prefix !== null) take('unet', [prefix], ldmUnetNames)
  take('vae', vaePrefixes, vaeNames)
  const isPooled = parts.weights.unet?.has('add_embedding.linear_1.weight') === true
  const hasSecond = secondTextPrefixes.some((start) => below(tensors, start).size > 0)
  // An XL model with one text encoder is a refiner: it has the second kind alone.
  const first =
    isPooled && !hasSecond && below(tensors, 'conditioner.embedders.0.model.').size > 0
      ? 'text_encoder_2'
      : 'text_encoder'
  for (const [part, prefixes] of [
    [first, firstTextPrefixes],
    ['text_encoder_2', secondTextPrefixes],
  ] as const) {
    const own = take(part, prefixes, textNames)
    if (own && isOpenClip(own)) parts.openClip.push(part)
  }
  if (!isPooled && parts.openClip.includes('text_encoder')) dropUnusedLayer(parts)
  return parts
}

function dropUnusedLayer(parts: Parts): void {
  const { text_encoder: encoder } = parts.weights
  if (encoder) parts.weights.text_encoder = new Map([...encoder].filter(([name]) => !unusedLayer.test(name)))
}

/** The tensors whose names begin so, without that beginning. */
function below(tensors: ReadonlyMap<string, Tensor>, prefix: string): ReadonlyMap<string, Tensor> {
  if (prefix === '') return tensors
  return new Map(
    [...tensors]
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, tensor]) => [name.slice(prefix.length), tensor]),
  )
}
