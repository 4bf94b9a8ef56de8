import { clipLayer } from '../blocks/clip-layer.ts'
import { portableLayers } from '../blocks/portable.ts'
import type { ComputeType } from '../graph/element-types.ts'
import type { Graph, Value } from '../graph/graph.ts'
import { type GraphWriter, graphWriter } from '../graph/graph-writer.ts'
import type { Dialect } from '../graphs.ts'
import type { ImageEncoder } from './read-image-encoder.ts'

/** What is wanted of a picture: numbers that sum it up, or those of each square before the last layer. */
type ImageFeatures = 'summary' | 'squares'

/**
 * The graph of CLIP's encoder of pictures: from `pixel_values` [batch, 3, side, side], as CLIP's preprocessing makes
 * them, to `image_embeds` [batch, projected] or `hidden_states` [batch, squares + 1, width], the output of the last
 * layer but one.
 *
 * @throws CheckpointError if its layers do not fit together
 */
export function writeImageEncoder(
  encoder: ImageEncoder,
  features: ImageFeatures,
  dialect: Dialect,
  type: ComputeType = 'float32',
): Graph {
  const writer = graphWriter(encoder.weights, 'image encoder', type)
  const layers = portableLayers(writer, { fused: dialect !== 'webgpu' })
  const { activation, heads, width, side, patch } = encoder
  const pixels = writer.input('pixel_values', 'float32', ['batch_size', 3, side, side])
  let tokens = layers.layerNorm(embedded(writer, encoder, writer.narrow(pixels)), 'pre_layrnorm')
  const depth = features === 'summary' ? encoder.layers : encoder.layers - 1
  for (let i = 0; i < depth; i++)
    tokens = clipLayer(layers, tokens, `encoder.layers.${i}`, { activation, channels: width, heads })
  if (features === 'squares') {
    const squares = (side / patch) ** 2 + 1
    writer.output('hidden_states', writer.widen(tokens), 'float32', ['batch_size', squares, width])
    return writer.finish()
  }
  const first = writer.node('Slice', [tokens, ...[0, 1, 1].map((value) => writer.integers([value]))])
  const summary = layers.linear(layers.layerNorm(first, 'post_layernorm'), 'visual_projection', { plain: true })
  const flat = writer.node('Reshape', [summary, writer.integers([0, -1])])
  writer.output('image_embeds', writer.widen(flat), 'float32', ['batch_size', encoder.projected ?? 0])
  return writer.finish()
}

/** The squares as tokens behind the one that stands for the whole, each with its place. */
function embedded(writer: GraphWriter, { width, patch }: ImageEncoder, pixels: Value): Value {
  const { node, weight, integers } = writer
  const squares = node('Conv', [pixels, weight('embeddings.patch_embedding.weight')], {
    kernel_shape: [patch, patch],
    pads: [0, 0, 0, 0],
    strides: [patch, patch],
  })
  const tokens = node('Transpose', [node('Reshape', [squares, integers([0, width, -1])])], { perm: [0, 2, 1] })
  const rows = node('Slice', [node('Shape', [pixels]), integers([0]), integers([1])])
  const whole = node('Expand', [
    weight('embeddings.class_embedding', { shape: [1, 1, width] }),
    node('Concat', [rows, integers([1, width])], { axis: 0 }),
  ])
  const all = node('Concat', [whole, tokens], { axis: 1 })
  return node('Add', [all, weight('embeddings.position_embedding.weight')])
}
