import type { Tensor } from '../weights.ts'

const attentionNames = new Map(
  Object.entries({
    norm: 'group_norm',
    q: 'to_q',
    k: 'to_k',
    v: 'to_v',
    proj_out: 'to_out.0',
    // diffusers' own, until 2023
    query: 'to_q',
    key: 'to_k',
    value: 'to_v',
    proj_attn: 'to_out.0',
  }),
)

/**
 * The names of a VAE's tensors to diffusers' of today, from LDM's or from diffusers' older ones. LDM counts the
 * decoder's levels from the picture, diffusers from the latents. The attention's projections are linear layers here,
 * which LDM stores as 1×1 convolutions: the same numbers.
 *
 * @returns the tensors by diffusers' names, and the names that stand for nothing known
 */
export function vaeNames(tensors: ReadonlyMap<string, Tensor>): { weights: Map<string, Tensor>; unknown: string[] } {
  let levels = 0
  for (const name of tensors.keys())
    levels = Math.max(levels, 1 + Number(/^decoder\.up\.(\d+)\./.exec(name)?.[1] ?? -1))
  const weights = new Map<string, Tensor>()
  const unknown: string[] = []
  for (const [name, tensor] of tensors) {
    const renamed = rename(name, levels)
    if (renamed === null || weights.has(renamed)) unknown.push(name)
    else weights.set(renamed, renamed.includes('.attentions.') ? asLinear(tensor) : tensor)
  }
  return { weights, unknown }
}

function rename(name: string, levels: number): string | null {
  const plain = name
    .replace(/^encoder\.down\.(\d+)\.block\.(\d+)\./, 'encoder.down_blocks.$1.resnets.$2.')
    .replace(/^encoder\.down\.(\d+)\.downsample\./, 'encoder.down_blocks.$1.downsamplers.0.')
    .replace(/^decoder\.up\.(\d+)\.block\.(\d+)\./, (_, l, i) => `decoder.up_blocks.${levels - 1 - l}.resnets.${i}.`)
    .replace(/^decoder\.up\.(\d+)\.upsample\./, (_, l) => `decoder.up_blocks.${levels - 1 - l}.upsamplers.0.`)
    .replace(/\.mid\.block_([12])\./, (_, i) => `.mid_block.resnets.${i - 1}.`)
    .replace(/\.mid\.attn_1\./, '.mid_block.attentions.0.')
    .replace(/\.nin_shortcut\./, '.conv_shortcut.')
    .replace(/^(encoder|decoder)\.norm_out\./, '$1.conv_norm_out.')
    .replace(/(\.attentions\.0\.)(\w+)\.(weight|bias)$/, (all, start, layer, leaf) =>
      attentionNames.has(layer) ? `${start}${attentionNames.get(layer)}.${leaf}` : all,
    )
  return known.test(plain) ? plain : null
}

const resnet = String.raw`resnets\.\d+\.(norm1|norm2|conv1|conv2|conv_shortcut)`
const known = new RegExp(
  String.raw`^((encoder|decoder)\.(conv_in|conv_norm_out|conv_out|mid_block\.(${resnet}|attentions\.0\.(group_norm|to_q|to_k|to_v|to_out\.0)))|` +
    String.raw`encoder\.down_blocks\.\d+\.(${resnet}|downsamplers\.0\.conv)|decoder\.up_blocks\.\d+\.(${resnet}|upsamplers\.0\.conv)|` +
    String.raw`(post_)?quant_conv)\.(weight|bias)$`,
)

function asLinear(tensor: Tensor): Tensor {
  const [rows = 0, columns = 0, height, width] = tensor.shape
  return tensor.shape.length === 4 && height === 1 && width === 1 ? { ...tensor, shape: [rows, columns] } : tensor
}
