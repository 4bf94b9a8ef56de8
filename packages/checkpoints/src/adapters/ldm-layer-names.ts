import type { Level, UnetLayout } from '../networks/unet-layout.ts'
import type { Weights } from '../weights.ts'

const single: Record<string, string> = {
  'time_embedding.linear_1': 'time_embed.0',
  'time_embedding.linear_2': 'time_embed.2',
  'add_embedding.linear_1': 'label_emb.0.0',
  'add_embedding.linear_2': 'label_emb.0.2',
  conv_in: 'input_blocks.0.0',
  conv_norm_out: 'out.0',
  conv_out: 'out.2',
}

const resnet: Record<string, string> = {
  norm1: 'in_layers.0',
  conv1: 'in_layers.2',
  time_emb_proj: 'emb_layers.1',
  norm2: 'out_layers.0',
  conv2: 'out_layers.3',
  conv_shortcut: 'skip_connection',
}

/** LDM's names of a UNet's layers by diffusers' names: the way back of `ldmUnetNames`. */
export function ldmLayerNames(unet: Weights, { down, middle, up }: UnetLayout): ReadonlyMap<string, string> {
  const blocks = new Map<string, string>()
  let number = 1
  for (const level of down) {
    for (const [i, name] of level.resnets.entries()) addBlock(blocks, level, i, name, `input_blocks.${number++}`)
    if (level.resample !== null) blocks.set(level.resample, `input_blocks.${number++}.0.op`)
  }
  for (const [i, name] of (middle?.resnets ?? []).entries()) blocks.set(name, `middle_block.${i * 2}`)
  const [attention] = middle?.transformers ?? []
  if (attention) blocks.set(attention.name, 'middle_block.1')
  number = 0
  for (const level of up) {
    for (const [i, name] of level.resnets.entries()) addBlock(blocks, level, i, name, `output_blocks.${number++}`)
    const isAfterAttention = level.transformers.at(-1) !== null
    if (level.resample !== null)
      blocks.set(level.resample, `output_blocks.${number - 1}.${isAfterAttention ? 2 : 1}.conv`)
  }
  const names = new Map<string, string>()
  for (const key of unet.keys()) {
    const layer = key.slice(0, key.lastIndexOf('.'))
    const original = single[layer] ?? blocks.get(layer) ?? within(blocks, layer)
    if (original !== undefined) names.set(layer, original)
  }
  return names
}

function addBlock(blocks: Map<string, string>, level: Level, index: number, name: string, block: string): void {
  blocks.set(name, `${block}.0`)
  const attention = level.transformers[index]
  if (attention) blocks.set(attention.name, `${block}.1`)
}

/** A layer of a residual block, or of attention, whose layers both call the same. */
function within(blocks: ReadonlyMap<string, string>, layer: string): string | undefined {
  const [, block = '', rest = ''] = /^(.*?\.(?:resnets|attentions)\.\d+)\.(.+)$/.exec(layer) ?? []
  const original = blocks.get(block)
  if (original === undefined) return undefined
  const inside = block.includes('.resnets.') ? resnet[rest] : rest
  return inside === undefined ? undefined : `${original}.${inside}`
}
