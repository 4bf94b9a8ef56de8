import type { Layers } from '../blocks/layers.ts'
import type { Reference } from '../blocks/transformer.ts'
import { CheckpointError } from '../errors.ts'
import type { Value } from '../graph/graph.ts'
import { epsilon, passDown, passLevel } from './unet-blocks.ts'
import { type Added, type Told, timeEmbedding, unetInputs } from './unet-inputs.ts'
import { crossAttentions, type UnetLayout } from './unet-layout.ts'

/** What a network beside the UNet adds to what that sees on its way. */
export interface Residuals {
  /** To each of its skips, from the picture down. */
  skips?: readonly Value[]
  /** To what leaves its middle. */
  middle?: Value
  /** To what each level down ends with, and where there is one more, to what leaves the middle. */
  features?: readonly Value[]
}

interface UnetOptions {
  readsReference?: boolean
  beside?: readonly ((told: Told) => Residuals)[]
}

/**
 * Writes a UNet.
 *
 * @param options.readsReference whether it takes what an IP-Adapter makes of a picture: `image_keys` and `image_values`
 * @param options.beside writes a network each of whose results is added, over the UNet's own inputs
 */
export function writeUnet(
  layers: Layers,
  layout: UnetLayout,
  added: Added | null,
  { readsReference = false, beside = [] }: UnetOptions = {},
): void {
  const { writer } = layers
  const { down, middle, up } = layout
  const inputs = unetInputs(layers, down, added)
  const reference = readsReference ? referenceInputs(layers, layout) : undefined
  const told = { time: timeEmbedding(layers, inputs), context: inputs.context, ...(reference && { reference }) }
  const residuals = beside.map((write) => write(inputs))
  const sum = (value: Value, others: readonly (Value | undefined)[]): Value =>
    others.reduce<Value>((all, one) => (one === undefined ? all : layers.add(all, one)), value)

  const first = layers.conv(layers.fromPlanar(inputs.sample), 'conv_in')
  const atLevel = (value: Value, level: number) =>
    sum(
      value,
      residuals.map(({ features }) => features?.[level]),
    )
  const seen = passDown(layers, first, down, told, atLevel)
  const skips = seen.skips.map((skip, i) =>
    sum(
      skip,
      residuals.map((one) => one.skips?.[i]),
    ),
  )
  let image = middle ? atLevel(passLevel(layers, seen.image, middle, told), down.length) : seen.image
  image = sum(
    image,
    residuals.map((one) => one.middle),
  )
  for (const { resnets, transformers, resample } of up) {
    resnets.forEach((name, i) => {
      const joined = layers.joinChannels(image, takeLast(skips))
      image = passLevel(layers, joined, { resnets: [name], transformers: [transformers[i] ?? null] }, told)
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

function takeLast(skips: Value[]): Value {
  const last = skips.pop()
  if (last === undefined) throw new CheckpointError('Its UNet has more blocks up than down: it is not complete.')
  return last
}
