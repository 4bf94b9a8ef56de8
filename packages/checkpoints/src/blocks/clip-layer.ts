import type { Activation } from '../checkpoint.ts'
import type { Value } from '../graph/graph.ts'
import type { AttentionOptions, Layers } from './layers.ts'

/** A layer of CLIP's encoders, of text and of pictures alike, by transformers' names of its weights. */
export function clipLayer(
  layers: Layers,
  tokens: Value,
  name: string,
  { activation, ...rest }: AttentionOptions & { activation: Activation },
): Value {
  const normal = layers.layerNorm(tokens, `${name}.layer_norm1`)
  const [query, key, value] = ['q', 'k', 'v'].map((which) =>
    layers.linear(normal, `${name}.self_attn.${which}_proj`),
  ) as [Value, Value, Value]
  const seen = layers.attention(query, key, value, rest)
  const attended = layers.addLinear(tokens, seen, `${name}.self_attn.out_proj`)
  const wide = layers.linear(layers.layerNorm(attended, `${name}.layer_norm2`), `${name}.mlp.fc1`)
  const active = activation === 'gelu' ? layers.gelu(wide) : layers.quickGelu(wide)
  return layers.addLinear(attended, active, `${name}.mlp.fc2`)
}
