import type { Value } from '../graph/graph.ts'
import type { GraphWriter } from '../graph/graph-writer.ts'
import type { Layers } from './layers.ts'
import { pictureSizes } from './picture-sizes.ts'
import { plainAttention } from './plain-attention.ts'
import { convolutionShape, groups, linearShape } from './shapes.ts'

const double = [1, 1, 2, 2]
/** Of CLIP and of every transformer in these UNets. */
const layerNormEpsilon = 1e-5

interface PortableLayers extends Layers {
  /** A linear layer without its bias. */
  multiply(tokens: Value, name: string): Value
}

/**
 * Layers out of ONNX's own operators and a few of onnxruntime's that its CPU provider has: channels first, computed in
 * the type of the writer.
 *
 * @param options.fused with operators that WebGPU's provider lacks, or gets wrong (attention over 64 tokens, on a
 * software driver): linear layers that read a weight as it is stored, and attention in one
 */
export function portableLayers(writer: GraphWriter, { fused }: { fused: boolean }): PortableLayers {
  const { node, weight, integers, floats, has } = writer
  const sizes = pictureSizes(writer)

  function multiply(tokens: Value, name: string): Value {
    const { shape, transposed } = linearShape(writer.tensor(`${name}.weight`), name)
    const stored = weight(`${name}.weight`, { shape })
    if (transposed) return node('MatMul', [tokens, stored])
    if (fused) return node('com.microsoft.FusedMatMul', [tokens, stored], { transB: 1 })
    return node('MatMul', [tokens, node('Transpose', [stored], { perm: [1, 0] })])
  }
  function linear(tokens: Value, name: string, { plain = false } = {}): Value {
    const product = multiply(tokens, name)
    return !plain || has(`${name}.bias`) ? node('Add', [product, weight(`${name}.bias`)]) : product
  }
  const silu = (value: Value) => sizes.like(node('com.microsoft.QuickGelu', [value], { alpha: { float: 1 } }), value)
  const gelu = (value: Value) => node('Gelu', [value])
  const shapeOf = (value: Value) => node('Shape', [value])

  return {
    writer,
    multiply,
    linear,
    dense: linear,
    addLinear: (around, tokens, name) => node('Add', [linear(tokens, name), around]),
    silu,
    gelu,
    quickGelu: (value) => node('com.microsoft.QuickGelu', [value], { alpha: { float: 1.702 } }),
    fromPlanar: writer.narrow,
    toPlanar: writer.widen,
    toInterleaved: (image) => node('Transpose', [image], { perm: [0, 2, 3, 1] }),
    add: (one, other) => sizes.like(node('Add', [one, other]), one),
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
      return activates ? silu(normal) : normal
    },
    upsample(image, like) {
      const sampling = { mode: 'nearest', coordinate_transformation_mode: 'asymmetric', nearest_mode: 'floor' }
      if (like === undefined)
        return sizes.doubled(node('Resize', [image, '', floats(double, [4], 'float32')], sampling), image)
      const channels = node('Slice', [shapeOf(image), integers([0]), integers([2])])
      const sides = node('Slice', [shapeOf(like), integers([2]), integers([4])])
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
        node('Slice', [shapeOf(like), integers(start), integers([start[0] === 0 ? 1 : 4])]),
      )
      const shape = node('Concat', [batch ?? '', integers([channels]), sides ?? ''], { axis: 0 })
      return sizes.withChannels(node('Reshape', [planes, shape]), like, channels)
    },
    layerNorm: (tokens, name) =>
      node('LayerNormalization', [tokens, weight(`${name}.weight`), weight(`${name}.bias`)], {
        axis: -1,
        epsilon: { float: layerNormEpsilon },
      }),
    attention: (query, key, value, options) =>
      fused
        ? node('com.microsoft.MultiHeadAttention', [query, key, value], {
            num_heads: options.heads,
            ...(options.causal === undefined ? {} : { unidirectional: 1 }),
          })
        : plainAttention(writer, [query, key, value], options),
    gatedGelu(tokens, name) {
      const [value, gate] = writer.nodes('Split', [linear(tokens, name)], { axis: -1, num_outputs: 2 }, 2)
      return node('Mul', [value ?? '', gelu(gate ?? '')])
    },
  }
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
