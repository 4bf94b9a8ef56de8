import type { Value } from '../graph/graph.ts'
import type { GraphWriter } from '../graph/graph-writer.ts'
import type { Layers } from './layers.ts'
import { pictureSizes } from './picture-sizes.ts'
import { convolutionShape, groups } from './shapes.ts'

const double = [1, 1, 2, 2]
const sampling = { mode: 'nearest', coordinate_transformation_mode: 'asymmetric', nearest_mode: 'floor' }

type PictureLayers = Pick<
  Layers,
  'joinChannels' | 'addVector' | 'conv' | 'groupNorm' | 'upsample' | 'toTokens' | 'toImage'
>

/** Layers over pictures with channels first, out of ONNX's own operators. */
export function pictureLayers(writer: GraphWriter): PictureLayers {
  const { node, weight, integers, floats } = writer
  const sizes = pictureSizes(writer)
  return {
    joinChannels(one, other) {
      const joined = node('Concat', [one, other], { axis: 1 })
      const [first, second] = [one, other].map(sizes.channelsOf)
      const areKnown = typeof first === 'number' && typeof second === 'number'
      return areKnown ? sizes.withChannels(joined, one, first + second) : joined
    },
    addVector: (image, vector) =>
      sizes.like(node('Add', [image, node('Unsqueeze', [vector, integers([2, 3])])]), image),
    conv(image, name, { stride = 1, pads } = {}) {
      const stored = writer.tensor(`${name}.weight`)
      const kernel = convolutionShape(stored, name)
      const half = kernel.map((side) => side >> 1)
      const around = pads ?? [...half, ...half]
      const inputs = [image, weight(`${name}.weight`), weight(`${name}.bias`)]
      const read = node('Conv', inputs, { kernel_shape: kernel, pads: around, strides: [stride, stride] })
      return sizes.convolved(read, image, { kernel, pads: around, stride, channels: stored.shape[0] ?? 0 })
    },
    groupNorm(image, name, { epsilon, silu: activates }) {
      const normal = sizes.like(groupNorm(writer, image, name, epsilon), image)
      return activates ? silu(writer, normal) : normal
    },
    upsample(image, like) {
      if (like === undefined)
        return sizes.doubled(node('Resize', [image, '', floats(double, [4], 'float32')], sampling), image)
      const channels = node('Slice', [node('Shape', [image]), integers([0]), integers([2])])
      const sides = node('Slice', [node('Shape', [like]), integers([2]), integers([4])])
      const resized = node('Resize', [image, '', '', node('Concat', [channels, sides], { axis: 0 })], sampling)
      const known = sizes.channelsOf(image)
      return known === undefined ? resized : sizes.withChannels(resized, like, known)
    },
    toTokens(image, channels) {
      const planes = sizes.grouped(node('Reshape', [image, integers([0, channels, -1])]), image, channels, 1)
      return sizes.tokens(node('Transpose', [planes], { perm: [0, 2, 1] }), image, channels)
    },
    toImage(tokens, like, channels) {
      const planes = node('Transpose', [tokens], { perm: [0, 2, 1] })
      const [batch, sides] = [[0], [2]].map((start) =>
        node('Slice', [node('Shape', [like]), integers(start), integers([start[0] === 0 ? 1 : 4])]),
      )
      const shape = node('Concat', [batch ?? '', integers([channels]), sides ?? ''], { axis: 0 })
      return sizes.withChannels(node('Reshape', [planes, shape]), like, channels)
    },
  }
}

export function silu(writer: GraphWriter, value: Value): Value {
  const active = writer.node('com.microsoft.QuickGelu', [value], { alpha: { float: 1 } })
  return pictureSizes(writer).like(active, value)
}

function groupNorm(writer: GraphWriter, image: Value, name: string, epsilon: number) {
  const { node, weight, integers, floats, tensor } = writer
  const sizes = pictureSizes(writer)
  const channels = groups.channelsOf(tensor(`${name}.weight`), name)
  // Each group as one channel of a picture in one dimension.
  const reshaped = node('Reshape', [image, integers([0, groups.count, -1])])
  const grouped = sizes.grouped(reshaped, image, groups.count, channels / groups.count)
  const plain = [1, 0].map((value) => floats(Array(groups.count).fill(value), [groups.count]))
  const normal = node('InstanceNormalization', [grouped, ...plain], { epsilon: { float: epsilon } })
  const shaped = sizes.like(node('Reshape', [normal, node('Shape', [image])]), image)
  const scaled = node('Mul', [shaped, weight(`${name}.weight`, { shape: [channels, 1, 1] })])
  return node('Add', [scaled, weight(`${name}.bias`, { shape: [channels, 1, 1] })])
}
