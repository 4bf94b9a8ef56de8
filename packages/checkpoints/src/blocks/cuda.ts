import type { Value } from '../graph/graph.ts'
import type { GraphWriter } from '../graph/graph-writer.ts'
import type { Layers } from './layers.ts'
import { portableLayers } from './portable.ts'
import { convolutionShape, groups, linearShape } from './shapes.ts'

/** The sizes that onnxruntime's CUDA kernels are written for (contrib_ops/cuda/diffusion, of 1.30). */
const biasAddChannels = [320, 640, 1280]
const biasSplitGeluChannels = [2560, 5120, 10240]
const groupNorm = { everyChannels: 2, mostChannels: 512 }

/**
 * Layers for onnxruntime's CUDA provider: pictures as [batch, height, width, channels], computed by its operators for
 * diffusion, in the type of the writer. Means and variances are float32 in all of its norms, the scales of group norms
 * are too.
 *
 * @param options.wideAttention attention in float32: Stable Diffusion 2's leaves the range of float16
 */
export function cudaLayers(writer: GraphWriter, { wideAttention }: { wideAttention: boolean }): Layers {
  const { node, weight, integers, floats, has } = writer
  const portable = portableLayers(writer, { fused: true })
  const toPlanar = (image: Value) => node('Transpose', [image], { perm: [0, 3, 1, 2] })
  const fromPlanar = (image: Value) => node('Transpose', [image], { perm: [0, 2, 3, 1] })
  const shapeOf = (value: Value) => node('Shape', [value])
  const withBorder = (image: Value, [top = 0, left = 0, bottom = 0, right = 0]: readonly number[]) =>
    node('Pad', [image, integers([0, top, left, 0, 0, bottom, right, 0])])

  return {
    ...portable,
    fromPlanar: (image) => fromPlanar(writer.narrow(image)),
    toPlanar: (image) => writer.widen(toPlanar(image)),
    toInterleaved: (image) => image,
    joinChannels: (one, other) => node('Concat', [one, other], { axis: 3 }),
    addVector: (image, vector) => node('Add', [image, node('Unsqueeze', [vector, integers([1, 2])])]),
    toTokens: (image, channels) => node('Reshape', [image, integers([0, -1, channels])]),
    toImage: (tokens, like) => node('Reshape', [tokens, shapeOf(like)]),
    dense(vector, name) {
      const { shape, transposed } = linearShape(writer.tensor(`${name}.weight`), name)
      return node('Gemm', [vector, weight(`${name}.weight`, { shape }), weight(`${name}.bias`)], {
        transB: transposed ? 0 : 1,
      })
    },
    conv(image, name, { stride = 1, pads } = {}) {
      const [height, width] = convolutionShape(writer.tensor(`${name}.weight`), name)
      // The same numbers, and no search for the fastest of cuDNN's algorithms when a size is new.
      if (height === 1 && width === 1 && stride === 1) return portable.linear(image, name)
      const channelsLast = node('Transpose', [weight(`${name}.weight`)], { perm: [0, 2, 3, 1] })
      const around = [height >> 1, width >> 1]
      // cuDNN knows no border that is wider on one side.
      const bordered = pads ? withBorder(image, pads) : image
      return node('com.microsoft.NhwcConv', [bordered, channelsLast, weight(`${name}.bias`)], {
        kernel_shape: [height, width],
        pads: pads ? [0, 0, 0, 0] : [...around, ...around],
        strides: [stride, stride],
      })
    },
    groupNorm(image, name, options) {
      const channels = groups.channelsOf(writer.tensor(`${name}.weight`), name)
      const each = channels / groups.count
      if (each % groupNorm.everyChannels !== 0 || each > groupNorm.mostChannels)
        return fromPlanar(portable.groupNorm(toPlanar(image), name, options))
      const scales = ['weight', 'bias'].map((which) => weight(`${name}.${which}`, { type: 'float32' }))
      return node('com.microsoft.GroupNorm', [image, ...scales], {
        activation: options.silu ? 1 : 0,
        channels_last: 1,
        epsilon: { float: options.epsilon },
        groups: groups.count,
      })
    },
    upsample(image, like) {
      const sampling = { mode: 'nearest', coordinate_transformation_mode: 'asymmetric', nearest_mode: 'floor' }
      if (like === undefined) return node('Resize', [image, '', floats([1, 2, 2, 1], [4], 'float32')], sampling)
      const part = (of: Value, start: number, end: number) =>
        node('Slice', [shapeOf(of), integers([start]), integers([end])])
      const sizes = node('Concat', [part(image, 0, 1), part(like, 1, 3), part(image, 3, 4)], { axis: 0 })
      return node('Resize', [image, '', '', sizes], sampling)
    },
    addLinear(around, tokens, name) {
      const [channels = 0] = writer.tensor(`${name}.weight`).shape
      if (!biasAddChannels.includes(channels)) return portable.addLinear(around, tokens, name)
      return node('com.microsoft.BiasAdd', [portable.multiply(tokens, name), weight(`${name}.bias`), around])
    },
    gatedGelu(tokens, name) {
      const [channels = 0] = writer.tensor(`${name}.weight`).shape
      if (!biasSplitGeluChannels.includes(channels) || !has(`${name}.bias`)) return portable.gatedGelu(tokens, name)
      return node('com.microsoft.BiasSplitGelu', [portable.multiply(tokens, name), weight(`${name}.bias`)])
    },
    attention(query, key, value, options) {
      if (!wideAttention) return portable.attention(query, key, value, options)
      const [q, k, v] = [query, key, value].map(writer.widen) as [Value, Value, Value]
      return writer.narrow(portable.attention(q, k, v, options))
    },
  }
}
