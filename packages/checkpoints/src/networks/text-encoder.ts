import { clipLayer } from '../blocks/clip-layer.ts'
import type { Layers } from '../blocks/layers.ts'
import { headCount } from '../blocks/shapes.ts'
import type { Activation } from '../checkpoint.ts'
import type { Value } from '../graph/graph.ts'
import type { Weights } from '../weights.ts'
import { count } from './unet-layout.ts'

interface TextOptions {
  activation: Activation
  /** Where they are stated; else one for each 64 channels. */
  heads?: number
  /** Whether the text is to be summed up as well, by the projection of its end mark. */
  pooled: boolean
}

/** The end mark in CLIP's vocabulary; embeddings of other words may have been put behind it. */
const endMark = 49407

/**
 * Writes a CLIP text encoder. It gives the raw output of every layer, first the embeddings, and the last one after the
 * final norm, by the names of an export of transformers' class.
 */
export function writeTextEncoder(
  layers: Layers,
  text: Weights,
  { activation, heads: stated, pooled }: TextOptions,
): void {
  const { writer } = layers
  const { node, weight, tensor } = writer
  const [length = 0, width = 0] = tensor('text_model.embeddings.position_embedding.weight').shape
  const heads = headCount(width, pooled ? 'text_encoder_2' : 'text_encoder', stated)
  const shape = ['batch_size', length, width]
  const ids = writer.input('input_ids', 'int64', ['batch_size', length])
  // What a file says of a word instead of the table: its vectors stand in some places, and the mask is 1 there.
  const own = writer.input('override_embeds', 'float32', shape)
  const mask = writer.input('override_mask', 'float32', ['batch_size', length, 1])
  const words = node('Gather', [weight('text_model.embeddings.token_embedding.weight'), ids])
  const chosen = writer.cast(mask, 'bool')
  const said = node('Where', [chosen, writer.type === 'float32' ? own : writer.cast(own, writer.type), words])
  let tokens = layers.add(said, weight('text_model.embeddings.position_embedding.weight'))
  const states = [tokens]
  const depth = count(text, (i) => `text_model.encoder.layers.${i}.layer_norm1.weight`)
  for (let i = 0; i < depth; i++) {
    tokens = clipLayer(layers, tokens, `text_model.encoder.layers.${i}`, {
      activation,
      channels: width,
      heads,
      causal: length,
    })
    states.push(tokens)
  }
  const last = layers.layerNorm(tokens, 'text_model.final_layer_norm')
  if (pooled) {
    const projection = tensor('text_projection.weight')
    const [size = 0] = projection.transposed ? [...projection.shape].reverse() : projection.shape
    const summary = layers.linear(atEndMark(layers, ids, last), 'text_projection', { plain: true })
    writer.output('text_embeds', writer.widen(summary), 'float32', ['batch_size', size])
  }
  writer.output('last_hidden_state', writer.widen(last), 'float32', shape)
  states.forEach((state, i) => {
    writer.output(`hidden_states.${i}`, writer.widen(state), 'float32', shape)
  })
}

/** What stands at the first end mark: [batch, width]. */
function atEndMark({ writer }: Layers, ids: Value, last: Value): Value {
  const { node } = writer
  const [words = 0] = writer.tensor('text_model.embeddings.token_embedding.weight').shape
  const isEnd = node('Equal', [ids, writer.integers([Math.min(words - 1, endMark)])])
  const place = node('ArgMax', [writer.cast(isEnd, 'int32')], { axis: 1, keepdims: 1 })
  return node('GatherND', [last, place], { batch_dims: 1 })
}
