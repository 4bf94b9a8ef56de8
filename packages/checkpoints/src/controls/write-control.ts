import { gatherPixels } from '../blocks/gather-pixels.ts'
import type { Layers } from '../blocks/layers.ts'
import { CheckpointError, quote } from '../errors.ts'
import type { Value } from '../graph/graph.ts'
import type { Residuals } from '../networks/unet.ts'
import { passDown, passLevel } from '../networks/unet-blocks.ts'
import { type Told, timeEmbedding } from '../networks/unet-inputs.ts'
import { downLayout } from '../networks/unet-layout.ts'
import type { Heads } from '../sidecar.ts'
import type { AdapterShape, Control } from './control.ts'
import { hintBlocks, hintLayers } from './controlnet-facts.ts'
import { writeUnion } from './write-union.ts'

/** The inputs that a UNet's graph has for the `i`-th network beside it. */
export function controlInputs(i: number): { picture: string; scale: string; type: string } {
  return { picture: `control_${i}_picture`, scale: `control_${i}_scale`, type: `control_${i}_type` }
}

/**
 * Writes a network that guides a UNet into the UNet's graph, with its own inputs: a picture for each row, [rows, 3,
 * height, width] in 0 … 1 (−1 where an inpaint ControlNet is to fill in), how strongly it counts, [rows], and of a
 * union, which kind of picture it is, [rows, types]: 1 at that, else 0.
 *
 * @param layers over its own weights
 */
export function writeControl(
  layers: Layers,
  control: Control,
  { told, heads, number }: { told: Told; heads: Heads['unet']; number: number },
): Residuals {
  const { writer } = layers
  const names = controlInputs(number)
  const picture = writer.input(names.picture, 'float32', ['batch_size', 3, 'picture_height', 'picture_width'])
  const scale = writer.narrow(writer.input(names.scale, 'float32', ['batch_size']))
  const factor = writer.node('Reshape', [scale, writer.integers([-1, 1, 1, 1])])
  const scaled = (value: Value) => writer.node('Mul', [value, factor])
  const residuals =
    control.kind === 'controlnet'
      ? controlNet(layers, control, { told, picture, heads, type: names.type }, scaled)
      : { features: adapter(layers, control.shape, picture).map(scaled) }
  const [unread] = writer.unread()
  if (unread === undefined) return residuals
  throw new CheckpointError(
    `It has ${quote(unread)}, which is none of its layers: it is of a kind that is not supported.`,
  )
}

/** Zhang et al. 2023 (arXiv:2302.05543): a copy of a UNet's half, of which every output goes through a layer more. */
function controlNet(
  layers: Layers,
  { weights, types }: Extract<Control, { kind: 'controlnet' }>,
  { told, picture, heads, type }: { told: Told; picture: Value; heads: Heads['unet']; type: string },
  scaled: (value: Value) => Value,
): Residuals {
  const { writer } = layers
  const { down, middle } = downLayout(weights, heads)
  const seen = hint(layers, picture)
  const union =
    types === null
      ? null
      : writeUnion(layers, weights, { type: writer.input(type, 'float32', ['batch_size', types]), types, seen })
  const inputs = { time: timeEmbedding(layers, told, union ? [union.time] : []), context: told.context }
  // Of an inpaint UNet's channels, those of the latents.
  const channels = [0, 4, 1].map((value) => writer.integers([value]))
  const sizes = ['batch_size', 4, 'height', 'width']
  const latents = writer.sized(writer.node('Slice', [told.sample, ...channels]), sizes, 'float32')
  const first = layers.conv(layers.fromPlanar(latents), 'conv_in')
  const guided = layers.add(first, union ? layers.addVector(seen, union.shift) : seen)
  const { image, skips } = passDown(layers, guided, down, inputs)
  const out = middle ? passLevel(layers, image, middle, inputs) : image
  return {
    skips: skips.map((skip, i) => scaled(layers.conv(skip, `controlnet_down_blocks.${i}`))),
    middle: scaled(layers.conv(out, 'controlnet_mid_block')),
  }
}

function hint(layers: Layers, picture: Value): Value {
  return hintLayers.reduce((image, name, i) => {
    // The first and the last have none before them in pairs: of those between, every second one halves.
    const halves = i > 0 && i <= hintBlocks && i % 2 === 0
    const read = layers.conv(image, name, { stride: halves ? 2 : 1 })
    return i === hintLayers.length - 1 ? read : layers.silu(read)
  }, layers.fromPlanar(picture))
}

/** Mou et al. 2023 (arXiv:2302.08453). */
function adapter(layers: Layers, { gathered, colours, levels }: AdapterShape, picture: Value): Value[] {
  const { writer, conv } = layers
  const { node } = writer
  const seen = colours === 3 ? picture : node('ReduceMean', [picture, writer.integers([1])], { keepdims: 1 })
  const squares = layers.fromPlanar(gatherPixels(writer, seen, { side: gathered, channels: colours }))
  let image = writer.has('conv_in.weight') ? conv(squares, 'conv_in') : squares
  return levels.map(({ halves, blocks }, level) => {
    const name = `body.${level}`
    if (halves) image = halved(layers, image)
    if (writer.has(`${name}.in_conv.weight`)) image = conv(image, `${name}.in_conv`)
    for (let i = 0; i < blocks; i++) {
      const active = node('Relu', [conv(image, `${name}.resnets.${i}.block1`)])
      image = layers.add(conv(active, `${name}.resnets.${i}.block2`), image)
    }
    if (writer.has(`${name}.out_conv.weight`)) image = conv(image, `${name}.out_conv`)
    return image
  })
}

/** The mean of each square of four; of those that are cut at an edge, of what there is. */
function halved(layers: Layers, image: Value): Value {
  const pooling = { kernel_shape: [2, 2], strides: [2, 2], ceil_mode: 1 }
  return layers.fromPlanar(layers.writer.node('AveragePool', [layers.toPlanar(image)], pooling))
}
