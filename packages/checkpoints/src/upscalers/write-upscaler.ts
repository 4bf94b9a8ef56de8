import { gatherPixels } from '../blocks/gather-pixels.ts'
import type { Layers } from '../blocks/layers.ts'
import { portableLayers } from '../blocks/portable.ts'
import type { ComputeType } from '../graph/element-types.ts'
import type { Graph, Value } from '../graph/graph.ts'
import { graphWriter } from '../graph/graph-writer.ts'
import { count, type Upscaler } from './read-upscaler.ts'

/**
 * The graph of an upscaler: from `picture` [batch, 3, height, width] in 0 … 1 to `enlarged`, both float32.
 *
 * @param type what it computes in @throws CheckpointError if its layers do not fit together
 */
export function writeUpscaler(upscaler: Upscaler, type: ComputeType = 'float32'): Graph {
  const writer = graphWriter(upscaler.weights, 'upscaler', type)
  const layers = portableLayers(writer, { fused: false })
  const picture = writer.input('picture', 'float32', ['batch_size', 3, 'height', 'width'])
  const image = layers.fromPlanar(picture)
  const enlarged = upscaler.kind === 'esrgan' ? esrgan(layers, upscaler, image) : compact(layers, upscaler, image)
  const sides = ['enlarged_height', 'enlarged_width']
  writer.output('enlarged', layers.toPlanar(enlarged), 'float32', ['batch_size', 3, ...sides])
  return writer.finish()
}

/**
 * RRDBNet: Wang et al. 2018 (arXiv:1809.00219), with the pixels gathered first in Real-ESRGAN's of small scales
 * (arXiv:2107.10833).
 */
function esrgan(layers: Layers, { weights, multiple }: Upscaler, picture: Value): Value {
  const { writer, conv, add } = layers
  const active = (image: Value) => writer.node('LeakyRelu', [image], { alpha: { float: 0.2 } })
  const fifth = (image: Value) => writer.node('Mul', [image, writer.floats([0.2], [1])])

  function dense(image: Value, name: string): Value {
    let all = image
    for (let i = 1; i < 5; i++) all = layers.joinChannels(all, active(conv(all, `${name}.conv${i}`)))
    return add(fifth(conv(all, `${name}.conv5`)), image)
  }
  const first = conv(gatherPixels(layers.writer, picture, { side: multiple, channels: 3 }), 'conv_first')
  let body = first
  for (let i = 0; i < count((n) => weights.has(`body.${n}.rdb1.conv1.weight`)); i++) {
    const block = [1, 2, 3].reduce((image, n) => dense(image, `body.${i}.rdb${n}`), body)
    body = add(fifth(block), body)
  }
  let image = add(conv(body, 'conv_body'), first)
  for (let i = 1; weights.has(`conv_up${i}.weight`); i++) image = active(conv(layers.upsample(image), `conv_up${i}`))
  return conv(active(conv(image, 'conv_hr')), 'conv_last')
}

/** SRVGGNetCompact of Real-ESRGAN: convolutions with PReLU, then pixels spread out and added to the picture. */
function compact({ writer, conv, add }: Layers, { weights, scale }: Upscaler, picture: Value): Value {
  let image = conv(picture, 'body.0')
  for (let i = 1; weights.has(`body.${i + 1}.weight`); i += 2) {
    const [slopes = 0] = writer.tensor(`body.${i}.weight`).shape
    const slope = writer.weight(`body.${i}.weight`, { shape: [slopes, 1, 1] })
    image = conv(writer.node('PRelu', [image, slope]), `body.${i + 1}`)
  }
  const spread = writer.node('DepthToSpace', [image], { blocksize: scale, mode: 'CRD' })
  const sampling = { mode: 'nearest', coordinate_transformation_mode: 'asymmetric', nearest_mode: 'floor' }
  const scales = writer.floats([1, 1, scale, scale], [4], 'float32')
  return add(spread, writer.node('Resize', [picture, '', scales], sampling))
}
