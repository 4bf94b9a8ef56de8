import type { Value } from '../graph/graph.ts'
import type { Layers } from './layers.ts'

/** Transformer blocks over the places of a picture, which read the text. */
export interface Transformer {
  name: string
  channels: number
  heads: number
  /** How many blocks. */
  depth: number
  /** Whether the projections around them are linear layers, else 1×1 convolutions. */
  isLinear: boolean
}

/**
 * What an IP-Adapter says of a picture: keys and values, by the name of the layer that reads them beside the text, as
 * in `down_blocks.0.attentions.0.transformer_blocks.0.attn2`.
 */
export type Reference = ReadonlyMap<string, { keys: Value; values: Value }>

export function transformer(
  layers: Layers,
  image: Value,
  context: Value,
  { name, channels, ...rest }: Transformer,
  reference?: Reference,
): Value {
  const { heads, depth, isLinear } = rest
  const normal = layers.groupNorm(image, `${name}.norm`, { epsilon: 1e-6, silu: false })
  let tokens = isLinear
    ? layers.linear(layers.toTokens(normal, channels), `${name}.proj_in`)
    : layers.toTokens(layers.conv(normal, `${name}.proj_in`), channels)
  for (let i = 0; i < depth; i++)
    tokens = block(layers, tokens, context, `${name}.transformer_blocks.${i}`, { channels, heads }, reference)
  const back = isLinear
    ? layers.toImage(layers.linear(tokens, `${name}.proj_out`), image, channels)
    : layers.conv(layers.toImage(tokens, image, channels), `${name}.proj_out`)
  return layers.add(back, image)
}

function block(
  layers: Layers,
  tokens: Value,
  context: Value,
  name: string,
  shape: Pick<Transformer, 'channels' | 'heads'>,
  reference?: Reference,
): Value {
  const attend = (which: string, around: Value, query: Value, source: Value): Value => {
    const [q, k, v] = (['to_q', 'to_k', 'to_v'] as const).map((projection) =>
      layers.linear(projection === 'to_q' ? query : source, `${name}.${which}.${projection}`, { plain: true }),
    ) as [Value, Value, Value]
    const seen = layers.attention(q, k, v, shape)
    const shown = reference?.get(`${name}.${which}`)
    const all = shown ? layers.add(seen, layers.attention(q, shown.keys, shown.values, shape)) : seen
    return layers.addLinear(around, all, `${name}.${which}.to_out.0`)
  }
  const own = layers.layerNorm(tokens, `${name}.norm1`)
  const seen = attend('attn1', tokens, own, own)
  const told = attend('attn2', seen, layers.layerNorm(seen, `${name}.norm2`), context)
  const wide = layers.gatedGelu(layers.layerNorm(told, `${name}.norm3`), `${name}.ff.net.0.proj`)
  return layers.addLinear(told, wide, `${name}.ff.net.2`)
}
