import { unetLayout } from '../networks/unet-layout.ts'
import type { CheckpointPart } from '../split-parts.ts'
import type { Weights } from '../weights.ts'
import { ldmLayerNames } from './ldm-layer-names.ts'

/** A layer of a model: its weight is `NAME.weight`, its bias `NAME.bias`. */
export interface Layer {
  part: Exclude<CheckpointPart, 'vae'>
  name: string
}

/**
 * What stands before a text encoder's own names. Files for SD 1.x and 2.x name their only one with and without a
 * number.
 */
const textPrefixes = {
  text_encoder: {
    underscored: ['lora_te_', 'lora_te1_', 'lycoris_text_encoder_'],
    dotted: [
      'text_encoder.',
      'base_model.model.text_encoder.',
      'text_encoders.clip_l.transformer.',
      'clip_l.transformer.',
    ],
  },
  text_encoder_2: {
    underscored: ['lora_te2_', 'lycoris_text_encoder_2_'],
    dotted: [
      'text_encoder_2.',
      'base_model.model.text_encoder_2.',
      'text_encoders.clip_g.transformer.',
      'clip_g.transformer.',
    ],
  },
} as const

/**
 * Every name that a LoRA may have for each layer of a model. Underscores stand inside of names, too, so that none can
 * be taken apart: the table is made from the model's side.
 */
export function layerNames(weights: Partial<Record<CheckpointPart, Weights>>): ReadonlyMap<string, Layer> {
  const names = new Map<string, Layer>()
  const add = (layer: Layer, ...all: string[]) => {
    for (const name of all) if (!names.has(name)) names.set(name, layer)
  }
  if (weights.unet) {
    const ldm = ldmLayerNames(weights.unet, unetLayout(weights.unet, undefined))
    for (const name of layersOf(weights.unet)) {
      const layer: Layer = { part: 'unet', name }
      const flat = underscored(name)
      add(layer, `lora_unet_${flat}`, `lycoris_unet_${flat}`, `lycoris_${flat}`)
      add(layer, `unet.${name}`, name, `base_model.model.${name}`, `base_model.model.unet.${name}`)
      // As diffusers named the layers of attention until 2023.
      const processor = name.replace(/\.to_(q|k|v)$/, '.processor.to_$1').replace(/\.to_out\.0$/, '.processor.to_out')
      add(layer, processor, `unet.${processor}`)
      const original = ldm.get(name)
      if (original === undefined) continue
      const prefixes = ['diffusion_model.', 'model.diffusion_model.', 'base_model.model.diffusion_model.', '']
      add(layer, `lora_unet_${underscored(original)}`, ...prefixes.map((prefix) => prefix + original))
    }
  }
  for (const part of ['text_encoder', 'text_encoder_2'] as const) {
    const prefixes = textPrefixes[part]
    for (const name of layersOf(weights[part] ?? new Map())) {
      const layer: Layer = { part, name }
      // transformers 5 leaves out the leading `text_model.`.
      for (const own of [name, name.replace(/^text_model\./, '')]) {
        add(layer, ...prefixes.underscored.map((prefix) => prefix + underscored(own)))
        add(layer, ...prefixes.dotted.map((prefix) => prefix + own))
        const processor = own.replace(/\.(q|k|v|out)_proj$/, '.to_$1')
        if (processor !== own) add(layer, ...prefixes.dotted.map((prefix) => prefix + processor))
      }
    }
  }
  return names
}

function layersOf(weights: Weights): string[] {
  return [...weights.keys()].flatMap((name) => (name.endsWith('.weight') ? [name.slice(0, -'.weight'.length)] : []))
}

function underscored(name: string): string {
  return name.replaceAll('.', '_')
}
