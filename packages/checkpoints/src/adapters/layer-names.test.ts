import { describe, expect, it } from 'vitest'
import { unetLayout } from '../networks/unet-layout.ts'
import { splitParts } from '../split-parts.ts'
import { asRead, goldenNames, ldmTensors, tinyFamilies } from '../testing/tiny-checkpoints.ts'
import { layerNames } from './layer-names.ts'
import { ldmLayerNames } from './ldm-layer-names.ts'

describe.each(tinyFamilies)('%s', (family) => {
  const { weights } = splitParts(asRead(ldmTensors(family)))
  const { unet = {} } = goldenNames(family).parts

  it("has LDM's name for every layer, as diffusers takes it", () => {
    const names = ldmLayerNames(weights.unet ?? new Map(), unetLayout(weights.unet ?? new Map(), undefined))
    for (const [name, [stored]] of Object.entries(unet)) {
      const original = stored.replace(/^model\.diffusion_model\./, '').replace(/\.(weight|bias)$/, '')
      expect(names.get(name.slice(0, name.lastIndexOf('.'))), name).toBe(original)
    }
  })

  it('knows each layer of the UNet by every scheme', () => {
    const names = layerNames(weights)
    for (const [name, [stored]] of Object.entries(unet)) {
      if (!name.endsWith('.weight')) continue
      const layer = name.slice(0, -7)
      const original = stored.slice('model.diffusion_model.'.length, -7)
      const flat = layer.replaceAll('.', '_')
      const processor = layer.replace(/\.to_(q|k|v)$/, '.processor.to_$1').replace(/\.to_out\.0$/, '.processor.to_out')
      for (const known of [
        `lora_unet_${flat}`,
        `lora_unet_${original.replaceAll('.', '_')}`,
        `lycoris_${flat}`,
        `unet.${layer}`,
        `base_model.model.${layer}`,
        `diffusion_model.${original}`,
        `unet.${processor}`,
      ])
        expect(names.get(known), known).toEqual({ part: 'unet', name: layer })
    }
  })
})

it('knows the text encoders apart', () => {
  const names = layerNames(splitParts(asRead(ldmTensors('sdxl'))).weights)
  const layer = 'text_model.encoder.layers.0.self_attn.q_proj'
  const flat = layer.replaceAll('.', '_')
  for (const known of [
    `lora_te_${flat}`,
    `lora_te1_${flat}`,
    `text_encoder.${layer}`,
    `text_encoder.encoder.layers.0.self_attn.q_proj`,
  ])
    expect(names.get(known), known).toEqual({ part: 'text_encoder', name: layer })
  // Stored as one with k and v, and trained by a name of its own.
  for (const known of [`lora_te2_${flat}`, `text_encoder_2.${layer}`])
    expect(names.get(known), known).toEqual({ part: 'text_encoder_2', name: layer })
})
