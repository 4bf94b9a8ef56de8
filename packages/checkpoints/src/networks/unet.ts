import type { Layers } from '../blocks/layers.ts'
import { resnet } from '../blocks/resnet.ts'
import { sinusoids } from '../blocks/sinusoids.ts'
import { type Reference, type Transformer, transformer } from '../blocks/transformer.ts'
import { CheckpointError } from '../errors.ts'
import type { Value } from '../graph/graph.ts'
import { crossAttentions, type Level, type UnetLayout } from './unet-layout.ts'

/** What a UNet of the XL kind is told besides the text. */
export interface Added {
  /** Numbers that sum the text up. */
  pooledWidth: number
  /** How many sizes: 6, or 5 in a refiner. */
  timeIds: number
}

const epsilon = 1e-5

/**
 * Writes a UNet. Its inputs and outputs have the names and shapes of an export of diffusers' class.
 *
 * @param readsReference whether it takes what an IP-Adapter makes of a picture: `image_keys` and `image_values`
 */
export function writeUnet(layers: Layers, layout: UnetLayout, added: Added | null, readsReference = false): void {
  const { writer } = layers
  const { down, middle, up } = layout
  const [, channels = 0] = writer.tensor('conv_in.weight').shape
  const sample = writer.input('sample', 'float32', ['batch_size', channels, 'height', 'width'])
  const timestep = writer.input('timestep', 'float32', ['steps'])
  const text = writer.input('encoder_hidden_states', 'float32', [
    'batch_size',
    'sequence_length',
    contextWidth(layers, down),
  ])
  const context = writer.narrow(text)
  const reference = readsReference ? referenceInputs(layers, layout) : undefined
  const rows = writer.node('Slice', [writer.node('Shape', [sample]), writer.integers([0]), writer.integers([1])])
  const levels = writer.node('Expand', [timestep, rows])
  const time = layers.silu(embedding(layers, levels, added))

  function pass(image: Value, { name }: { name: string }, attention: Transformer | null): Value {
    const passed = resnet(layers, image, name, { epsilon, time })
    return attention ? transformer(layers, passed, context, attention, reference) : passed
  }
  let image = layers.conv(layers.fromPlanar(sample), 'conv_in')
  const skips = [image]
  for (const { resnets, transformers, resample } of down) {
    resnets.forEach((name, i) => {
      image = pass(image, { name }, transformers[i] ?? null)
      skips.push(image)
    })
    if (resample === null) continue
    image = layers.conv(image, resample, { stride: 2 })
    skips.push(image)
  }
  middle?.resnets.forEach((name, i) => {
    image = pass(image, { name }, middle.transformers[i] ?? null)
  })
  for (const { resnets, transformers, resample } of up) {
    resnets.forEach((name, i) => {
      image = pass(layers.joinChannels(image, takeLast(skips)), { name }, transformers[i] ?? null)
    })
    // The size is that of what comes next, so that sides which do not halve evenly fit together again.
    if (resample !== null) image = layers.conv(layers.upsample(image, skips.at(-1)), resample)
  }
  if (skips.length > 0) throw new CheckpointError('Its UNet has more blocks down than up: it is not complete.')
  const out = layers.conv(layers.groupNorm(image, 'conv_norm_out', { epsilon, silu: true }), 'conv_out')
  const [outChannels = 0] = writer.tensor('conv_out.weight').shape
  writer.output('out_sample', layers.toPlanar(out), 'float32', ['batch_size', outChannels, 'height', 'width'])
}

/** What an IP-Adapter says to each layer that reads the text, apart. */
function referenceInputs({ writer }: Layers, layout: UnetLayout): Reference {
  const attentions = crossAttentions(layout)
  const widths = attentions.map(({ channels }) => channels)
  const whole = widths.reduce((sum, width) => sum + width, 0)
  const [keys = [], values = []] = ['image_keys', 'image_values'].map((name) => {
    const input = writer.narrow(writer.input(name, 'float32', ['batch_size', 'image_tokens', whole]))
    return writer.nodes('Split', [input, writer.integers(widths)], { axis: 2 }, widths.length)
  })
  return new Map(attentions.map(({ name }, i) => [name, { keys: keys[i] ?? '', values: values[i] ?? '' }]))
}

function contextWidth({ writer }: Layers, levels: readonly Level[]): number {
  const first = levels.flatMap(({ transformers }) => transformers).find((attention) => attention !== null)
  if (!first) throw new CheckpointError('Its UNet has no layers that take the text.')
  return writer.tensor(`${first.name}.transformer_blocks.0.attn2.to_k.weight`).shape[1] ?? 0
}

/**
 * What the residual blocks are told: the noise level, and with it the guidance scale (LCM), or text and sizes (SDXL).
 */
function embedding(layers: Layers, timestep: Value, added: Added | null): Value {
  const { writer } = layers
  const [, modelChannels = 0] = writer.tensor('time_embedding.linear_1.weight').shape
  let first = writer.narrow(sinusoids(writer, timestep, modelChannels))
  if (writer.has('time_embedding.cond_proj.weight')) {
    const [, width = 0] = writer.tensor('time_embedding.cond_proj.weight').shape
    const guidance = writer.narrow(writer.input('timestep_cond', 'float32', ['batch_size', width]))
    first = layers.add(first, layers.linear(guidance, 'time_embedding.cond_proj', { plain: true }))
  }
  const time = twoLayers(layers, first, 'time_embedding')
  return added ? layers.add(time, twoLayers(layers, addedVector(layers, added), 'add_embedding')) : time
}

function addedVector(layers: Layers, { pooledWidth, timeIds }: Added): Value {
  const { writer } = layers
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

function twoLayers(layers: Layers, value: Value, name: string): Value {
  return layers.dense(layers.silu(layers.dense(value, `${name}.linear_1`)), `${name}.linear_2`)
}

function takeLast(skips: Value[]): Value {
  const last = skips.pop()
  if (last === undefined) throw new CheckpointError('Its UNet has more blocks up than down: it is not complete.')
  return last
}
