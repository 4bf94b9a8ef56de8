import { controlNetNames } from '../controls/controlnet-names.ts'
import { asRead, ldmTensors, type TinyFamily } from './tiny-checkpoints.ts'
import type { Stored } from './write-safetensors.ts'

/** Of the layers that read the picture, by their places in LDM's files; the last has as many as the UNet's first. */
const hint: readonly (readonly [place: number, outputs: number, inputs: number])[] = [
  [0, 16, 3],
  [2, 16, 16],
  [4, 32, 16],
  [6, 32, 32],
  [8, 96, 32],
  [10, 96, 96],
  [12, 256, 96],
]

/** The tensors of a ControlNet for a small checkpoint, as LDM stores them. */
export function controlNetTensors(family: TinyFamily): Map<string, Stored> {
  const tensors = new Map<string, Stored>()
  const add = (name: string, shape: readonly number[]) => {
    const [outputs = 0] = shape
    tensors.set(`control_model.${name}.weight`, { dtype: 'F32', shape })
    tensors.set(`control_model.${name}.bias`, { dtype: 'F32', shape: [outputs] })
  }
  const channels: number[] = []
  for (const [name, { dtype, shape }] of ldmTensors(family)) {
    const own = name.replace('model.diffusion_model.', '')
    if (!/^(input_blocks|middle_block|time_embed|label_emb)\./.test(own)) continue
    const [rows = 0, , ...kernel] = shape
    const isFirst = own === 'input_blocks.0.0.weight'
    tensors.set(`control_model.${own}`, { dtype, shape: isFirst ? [rows, 4, ...kernel] : shape })
    const [, block] = /^input_blocks\.(\d+)\.0\.(op\.|out_layers\.3\.)?bias$/.exec(own) ?? []
    if (block !== undefined) channels[Number(block)] = rows
    if (own === 'middle_block.2.out_layers.3.bias') add('middle_block_out.0', [rows, rows, 1, 1])
  }
  for (const [i, width] of channels.entries()) add(`zero_convs.${i}.0`, [width, width, 1, 1])
  for (const [place, outputs, inputs] of hint) add(`input_hint_block.${place}`, [outputs, inputs, 3, 3])
  add('input_hint_block.14', [channels[0] ?? 0, 256, 3, 3])
  return tensors
}

/** Those of a union ControlNet that tells so many kinds of pictures apart, by diffusers' names as it is stored. */
export function unionTensors(family: TinyFamily, types = 6): Map<string, Stored> {
  const plain = [...controlNetNames(asRead(controlNetTensors(family)))]
  const tensors = new Map(plain.map(([name, { dtype, shape }]): [string, Stored] => [name, { dtype, shape }]))
  const rows = (name: string) => tensors.get(name)?.shape[0] ?? 0
  const [width, embedded] = [rows('conv_in.weight'), rows('time_embedding.linear_2.weight')]
  const add = (name: string, shape: readonly number[]) => tensors.set(name, { dtype: 'F32', shape })
  const layer = (name: string, outputs: number, inputs: number) => {
    add(`${name}.weight`, [outputs, inputs])
    add(`${name}.bias`, [outputs])
  }
  const norm = (name: string) => {
    for (const leaf of ['weight', 'bias']) add(`${name}.${leaf}`, [width])
  }
  add('task_embedding', [types, width])
  layer('spatial_ch_projs', width, width)
  layer('control_add_embedding.linear_1', embedded, 16 * types)
  layer('control_add_embedding.linear_2', embedded, embedded)
  const name = 'transformer_layes.0'
  norm(`${name}.ln_1`)
  norm(`${name}.ln_2`)
  add(`${name}.attn.in_proj_weight`, [3 * width, width])
  add(`${name}.attn.in_proj_bias`, [3 * width])
  layer(`${name}.attn.out_proj`, width, width)
  layer(`${name}.mlp.c_fc`, 4 * width, width)
  layer(`${name}.mlp.c_proj`, width, 4 * width)
  return tensors
}

/** Those of a T2I-Adapter, as they are stored by those who made them. */
export function adapterTensors(
  widths: readonly number[],
  { gathered = 8, colours = 3 }: { gathered?: number; colours?: number } = {},
): Map<string, Stored> {
  const tensors = new Map<string, Stored>()
  const add = (name: string, shape: readonly number[]) => {
    tensors.set(`${name}.weight`, { dtype: 'F32', shape })
    tensors.set(`${name}.bias`, { dtype: 'F32', shape: shape.slice(0, 1) })
  }
  let before = widths[0] ?? 0
  add('conv_in', [before, colours * gathered ** 2, 3, 3])
  widths.forEach((width, level) => {
    if (width !== before) add(`body.${level * 2}.in_conv`, [width, before, 1, 1])
    for (const block of [level * 2, level * 2 + 1]) {
      add(`body.${block}.block1`, [width, width, 3, 3])
      add(`body.${block}.block2`, [width, width, 1, 1])
    }
    before = width
  })
  return tensors
}
