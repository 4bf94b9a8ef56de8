import type { Layers } from '../blocks/layers.ts'
import { portableLayers } from '../blocks/portable.ts'
import type { ComputeType } from '../graph/element-types.ts'
import type { Graph, Value } from '../graph/graph.ts'
import { graphWriter } from '../graph/graph-writer.ts'
import type { Dialect } from '../graphs.ts'
import { count } from '../networks/unet-layout.ts'
import { type IpAdapter, keyName, resamplerHead, valueName } from './read-ip-adapter.ts'

/**
 * The graph of an IP-Adapter: from what the image encoder says, `image_embeds` [batch, width] or `hidden_states`
 * [batch, squares + 1, width], to `image_keys` and `image_values`, which its UNet takes: [batch, tokens, the widths of
 * all of the UNet's layers side by side].
 */
export function writeIpAdapter(adapter: IpAdapter, dialect: Dialect, type: ComputeType = 'float32'): Graph {
  const { weights, kind, encoderWidth, widths } = adapter
  const writer = graphWriter(weights, 'IP-Adapter', type)
  const layers = portableLayers(writer, { fused: dialect !== 'webgpu' })
  const said =
    kind === 'plain'
      ? writer.input('image_embeds', 'float32', ['batch_size', encoderWidth])
      : writer.input('hidden_states', 'float32', ['batch_size', 'squares', encoderWidth])
  const tokens = { plain, plus, full }[kind](layers, writer.narrow(said), adapter)
  const shape = ['batch_size', 'tokens', widths.reduce((sum, width) => sum + width, 0)]
  for (const [output, name] of [
    ['image_keys', keyName],
    ['image_values', valueName],
  ] as const) {
    const each = widths.map((_, i) => layers.linear(tokens, name(i).replace(/\.weight$/, ''), { plain: true }))
    writer.output(output, writer.widen(writer.node('Concat', each, { axis: 2 })), 'float32', shape)
  }
  return writer.finish()
}

function plain(layers: Layers, said: Value, { tokens, contextWidth }: IpAdapter): Value {
  const { writer } = layers
  const all = layers.linear(said, 'image_proj.proj')
  const apart = writer.node('Reshape', [all, writer.integers([0, tokens ?? 0, contextWidth])])
  return layers.layerNorm(apart, 'image_proj.norm')
}

function full(layers: Layers, said: Value): Value {
  const wide = layers.gelu(layers.linear(said, 'image_proj.proj.0'))
  return layers.layerNorm(layers.linear(wide, 'image_proj.proj.2'), 'image_proj.proj.3')
}

/** The perceiver's resampler (Alayrac et al. 2022, arXiv:2204.14198): learnt tokens that look at the picture. */
function plus(layers: Layers, said: Value, { weights, tokens }: IpAdapter): Value {
  const { writer } = layers
  const { node, integers } = writer
  const squares = layers.linear(said, 'image_proj.proj_in')
  const rows = node('Slice', [node('Shape', [said]), integers([0]), integers([1])])
  const [, , width = 0] = writer.tensor('image_proj.latents').shape
  const each = node('Concat', [rows, integers([tokens ?? 0, width])], { axis: 0 })
  let latents = node('Expand', [writer.weight('image_proj.latents'), each])
  const depth = count(weights, (i) => `image_proj.layers.${i}.0.to_q.weight`)
  for (let i = 0; i < depth; i++) {
    const seen = look(layers, squares, latents, `image_proj.layers.${i}.0`)
    const around = layers.add(seen, latents)
    const name = `image_proj.layers.${i}.1`
    const wide = layers.linear(layers.layerNorm(around, `${name}.0`), `${name}.1`, { plain: true })
    latents = layers.add(layers.linear(layers.gelu(wide), `${name}.3`, { plain: true }), around)
  }
  return layers.layerNorm(layers.linear(latents, 'image_proj.proj_out'), 'image_proj.norm_out')
}

function look(layers: Layers, squares: Value, latents: Value, name: string): Value {
  const { writer } = layers
  const [inner = 0] = writer.tensor(`${name}.to_q.weight`).shape
  const own = layers.layerNorm(latents, `${name}.norm2`)
  const all = writer.node('Concat', [layers.layerNorm(squares, `${name}.norm1`), own], { axis: 1 })
  const query = layers.linear(own, `${name}.to_q`, { plain: true })
  const both = layers.linear(all, `${name}.to_kv`, { plain: true })
  const [key = '', value = ''] = writer.nodes('Split', [both], { axis: 2, num_outputs: 2 }, 2)
  const seen = layers.attention(query, key, value, { channels: inner, heads: inner / resamplerHead })
  return layers.linear(seen, `${name}.to_out`, { plain: true })
}
