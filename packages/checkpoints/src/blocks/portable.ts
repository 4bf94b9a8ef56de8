import type { Value } from '../graph/graph.ts'
import type { GraphWriter } from '../graph/graph-writer.ts'
import type { Layers } from './layers.ts'
import { pictureSizes } from './picture-sizes.ts'
import { plainAttention } from './plain-attention.ts'
import { pictureLayers, silu } from './portable-pictures.ts'
import { linearShape } from './shapes.ts'

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
  const { node, weight, has } = writer
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
  const gelu = (value: Value) => node('Gelu', [value])

  return {
    writer,
    multiply,
    linear,
    dense: linear,
    addLinear: (around, tokens, name) => node('Add', [linear(tokens, name), around]),
    silu: (value) => silu(writer, value),
    gelu,
    quickGelu: (value) => node('com.microsoft.QuickGelu', [value], { alpha: { float: 1.702 } }),
    fromPlanar: writer.narrow,
    toPlanar: writer.widen,
    toInterleaved: (image) => node('Transpose', [image], { perm: [0, 2, 3, 1] }),
    add: (one, other) => sizes.like(node('Add', [one, other]), one),
    ...pictureLayers(writer),
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
