import type { Value } from '../graph/graph.ts'
import type { GraphWriter } from '../graph/graph-writer.ts'
import type { AttentionOptions } from './layers.ts'

/** Attention in ONNX's own operators, as an export has it. */
export function plainAttention(
  { node, integers, floats }: GraphWriter,
  [query, key, value]: readonly [Value, Value, Value],
  { channels, heads, causal }: AttentionOptions,
): Value {
  const byHead = (tokens: Value, perm: number[]) =>
    node('Transpose', [node('Reshape', [tokens, integers([0, 0, heads, channels / heads])])], { perm })
  const scaled = node('Mul', [byHead(query, [0, 2, 1, 3]), floats([(channels / heads) ** -0.5], [1])])
  const scores = node('MatMul', [scaled, byHead(key, [0, 2, 3, 1])])
  const seen = causal === undefined ? scores : node('Add', [scores, floats(onlyBefore(causal), [causal, causal])])
  const attended = node('MatMul', [node('Softmax', [seen], { axis: -1 }), byHead(value, [0, 2, 1, 3])])
  return node('Reshape', [node('Transpose', [attended], { perm: [0, 2, 1, 3] }), integers([0, 0, channels])])
}

/** What is added to the scores of each token, a row, so that it sees none that comes after it. */
function onlyBefore(tokens: number): Float32Array {
  return Float32Array.from({ length: tokens ** 2 }, (_, i) => (i % tokens > Math.floor(i / tokens) ? -1e30 : 0))
}
