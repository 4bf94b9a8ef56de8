import type { Layers } from '../blocks/layers.ts'
import { sinusoids } from '../blocks/sinusoids.ts'
import { CheckpointError } from '../errors.ts'
import type { Value } from '../graph/graph.ts'
import type { Level } from './unet-layout.ts'

/** What a UNet of the XL kind is told besides the text. */
export interface Added {
  /** Numbers that sum the text up. */
  pooledWidth: number
  /** How many sizes: 6, or 5 in a refiner. */
  timeIds: number
}

/** What a UNet is asked about, and all that stands beside it. */
export interface Told {
  /** Float32 [batch, channels, height, width]. */
  sample: Value
  /** Noise levels: float32 [batch]. */
  levels: Value
  /** Of the text, in the type that is computed in. */
  context: Value
  /** Pooled text and sizes, in the type that is computed in; null where the family takes none. */
  added: Value | null
}

/** Writes a UNet's inputs, with the names and shapes of an export of diffusers' class. */
export function unetInputs({ writer }: Layers, down: readonly Level[], added: Added | null): Told {
  const [, channels = 0] = writer.tensor('conv_in.weight').shape
  const sample = writer.input('sample', 'float32', ['batch_size', channels, 'height', 'width'])
  const timestep = writer.input('timestep', 'float32', ['steps'])
  const width = contextWidth({ writer }, down)
  const text = writer.input('encoder_hidden_states', 'float32', ['batch_size', 'sequence_length', width])
  const rows = writer.node('Slice', [writer.node('Shape', [sample]), writer.integers([0]), writer.integers([1])])
  return {
    sample,
    levels: writer.sized(writer.node('Expand', [timestep, rows]), ['batch_size'], 'float32'),
    context: writer.narrow(text),
    added: added && addedVector({ writer }, added),
  }
}

function contextWidth({ writer }: Pick<Layers, 'writer'>, levels: readonly Level[]): number {
  const first = levels.flatMap(({ transformers }) => transformers).find((attention) => attention !== null)
  if (!first) throw new CheckpointError('Its UNet has no layers that take the text.')
  return writer.tensor(`${first.name}.transformer_blocks.0.attn2.to_k.weight`).shape[1] ?? 0
}

function addedVector({ writer }: Pick<Layers, 'writer'>, { pooledWidth, timeIds }: Added): Value {
  const [, width = 0] = writer.tensor('add_embedding.linear_1.weight').shape
  const each = (width - pooledWidth) / timeIds
  if (!Number.isInteger(each / 2) || each <= 0) {
    throw new CheckpointError(
      `Its UNet takes ${width} numbers besides the text: they are not ${pooledWidth} of the text encoder and ${timeIds} sizes.`,
    )
  }
  const pooled = writer.input('text_embeds', 'float32', ['batch_size', pooledWidth])
  const sizes = writer.input('time_ids', 'float32', ['batch_size', timeIds])
  const flat = writer.node('Reshape', [sizes, writer.integers([-1])])
  const waves = writer.node('Reshape', [sinusoids(writer, flat, each), writer.integers([-1, timeIds * each])])
  return writer.narrow(writer.node('Concat', [pooled, waves], { axis: 1 }))
}

/**
 * What residual blocks are told, activated: the noise level, and with it the guidance scale (LCM), or text and sizes
 * (SDXL).
 *
 * @param besides what else they are told, [batch, channels]
 */
export function timeEmbedding(layers: Layers, { levels, added }: Told, besides: readonly Value[] = []): Value {
  const { writer } = layers
  const [, modelChannels = 0] = writer.tensor('time_embedding.linear_1.weight').shape
  let first = writer.narrow(sinusoids(writer, levels, modelChannels))
  if (writer.has('time_embedding.cond_proj.weight')) {
    const [, width = 0] = writer.tensor('time_embedding.cond_proj.weight').shape
    const guidance = writer.narrow(writer.input('timestep_cond', 'float32', ['batch_size', width]))
    first = layers.add(first, layers.linear(guidance, 'time_embedding.cond_proj', { plain: true }))
  }
  const time = twoLayers(layers, first, 'time_embedding')
  const others = added === null ? besides : [...besides, twoLayers(layers, added, 'add_embedding')]
  return layers.silu(others.reduce((sum, one) => layers.add(sum, one), time))
}

/** Two linear layers, `linear_1` and `linear_2`, with an activation between them. */
export function twoLayers(layers: Layers, value: Value, name: string): Value {
  return layers.dense(layers.silu(layers.dense(value, `${name}.linear_1`)), `${name}.linear_2`)
}
