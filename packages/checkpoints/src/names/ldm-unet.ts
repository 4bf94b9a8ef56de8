import type { Tensor } from '../weights.ts'

/** The names of a residual block's layers, LDM's to diffusers'. */
const resnet = new Map(
  Object.entries({
    'in_layers.0': 'norm1',
    'in_layers.2': 'conv1',
    'emb_layers.1': 'time_emb_proj',
    'out_layers.0': 'norm2',
    'out_layers.3': 'conv2',
    skip_connection: 'conv_shortcut',
  }),
)

/** Layers that stand alone. */
const single = new Map(
  Object.entries({
    'time_embed.0': 'time_embedding.linear_1',
    'time_embed.2': 'time_embedding.linear_2',
    'time_embed.cond_proj': 'time_embedding.cond_proj',
    'time_embedding.cond_proj': 'time_embedding.cond_proj',
    'label_emb.0.0': 'add_embedding.linear_1',
    'label_emb.0.2': 'add_embedding.linear_2',
    'input_blocks.0.0': 'conv_in',
    'out.0': 'conv_norm_out',
    'out.2': 'conv_out',
  }),
)

type Place = { level: number; index: number }

/**
 * LDM's names of a UNet's tensors, without their prefix, to diffusers'. LDM numbers blocks through, diffusers counts
 * anew in each level; a level ends where a block scales down or up. Which layers a block has is told by the names
 * alone, so that levels may be of any length.
 *
 * @returns the tensors by diffusers' names, and the names that stand for nothing known
 */
export function ldmUnetNames(tensors: ReadonlyMap<string, Tensor>): {
  weights: Map<string, Tensor>
  unknown: string[]
} {
  const names = [...tensors.keys()]
  const down = places(names, 'input_blocks', /^\d+\.\d+\.op\./, 1)
  const up = places(names, 'output_blocks', /^\d+\.\d+\.conv\./, 0)
  const weights = new Map<string, Tensor>()
  const unknown: string[] = []
  for (const [name, tensor] of tensors) {
    const renamed = rename(name, down, up)
    if (renamed === null || weights.has(renamed)) unknown.push(name)
    else weights.set(renamed, tensor)
  }
  return { weights, unknown }
}

/** Which level and which place in it each block has. @param ends what the names of a level's last block have in them */
function places(names: readonly string[], list: string, ends: RegExp, first: number): Map<number, Place> {
  const own = names.filter((name) => name.startsWith(`${list}.`)).map((name) => name.slice(list.length + 1))
  const numberOf = (name: string) => Number.parseInt(name, 10)
  const lasts = new Set(own.filter((name) => ends.test(name)).map(numberOf))
  const found = new Map<number, Place>()
  let [level, index] = [0, 0]
  for (const block of [...new Set(own.map(numberOf))].filter(Number.isSafeInteger).sort((a, b) => a - b)) {
    if (block < first) continue
    found.set(block, { level, index: index++ })
    if (lasts.has(block)) [level, index] = [level + 1, 0]
  }
  return found
}

function rename(name: string, down: ReadonlyMap<number, Place>, up: ReadonlyMap<number, Place>): string | null {
  const dot = name.lastIndexOf('.')
  const alone = single.get(name.slice(0, dot))
  if (alone) return alone + name.slice(dot)
  const middle = /^middle_block\.([012])\.(.+)$/.exec(name)
  if (middle) {
    const [, index = '', rest = ''] = middle
    return index === '1' ? attention(rest, 'mid_block', 0) : residual(rest, 'mid_block', index === '0' ? 0 : 1)
  }
  const block = /^(input|output)_blocks\.(\d+)\.\d+\.(.+)$/.exec(name)
  if (!block) return null
  const [, side, number, rest = ''] = block
  const place = (side === 'input' ? down : up).get(Number(number))
  if (!place) return null
  const where = `${side === 'input' ? 'down' : 'up'}_blocks.${place.level}`
  const scaled = side === 'input' ? /^op\.(weight|bias)$/.exec(rest) : /^conv\.(weight|bias)$/.exec(rest)
  if (scaled) return `${where}.${side === 'input' ? 'downsamplers' : 'upsamplers'}.0.conv.${scaled[1]}`
  return residual(rest, where, place.index) ?? attention(rest, where, place.index)
}

function residual(rest: string, where: string, index: number): string | null {
  const dot = rest.lastIndexOf('.')
  const layer = resnet.get(rest.slice(0, dot))
  return layer ? `${where}.resnets.${index}.${layer}${rest.slice(dot)}` : null
}

/** Below `transformer_blocks` both say the same. */
function attention(rest: string, where: string, index: number): string | null {
  return /^(norm|proj_in|proj_out|transformer_blocks)\./.test(rest) ? `${where}.attentions.${index}.${rest}` : null
}
