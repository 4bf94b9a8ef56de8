import { closeSync, openSync, readSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { OnnxGraph } from './read-graph.ts'

/** The layer norm at a text encoder's end. */
export interface FinalNorm {
  weight: Float32Array
  bias: Float32Array
}

/**
 * Takes the last layer norm's vectors out of the model's file, so that an earlier layer can be read through it: exports
 * have the layers' outputs, but the norm only for the last one. Null if the graph does not end in a layer norm.
 *
 * @param last the graph's normalised last layer
 */
export function readFinalNorm(graph: OnnxGraph, file: string, last: string): FinalNorm | null {
  const names = normInputs(graph, last)
  if (!names) return null
  const weight = readVector(graph, file, names.weight)
  const bias = readVector(graph, file, names.bias)
  return weight && bias ? { weight, bias } : null
}

/** One operator since opset 17, before that a multiplication and an addition. */
function normInputs(graph: OnnxGraph, output: string): { weight: string; bias: string } | null {
  const operator = graph.producers.get(output)
  if (!operator) return null
  const { type, inputs } = operator
  if (type === 'Cast' || type === 'Identity') return normInputs(graph, inputs[0])
  if (type === 'LayerNormalization') return { weight: inputs[1], bias: inputs[2] }
  if (type !== 'Add') return null
  const bias = inputs.find((name) => weightName(graph, name))
  const scaled = inputs.find((name) => name !== bias)
  const product = scaled === undefined ? undefined : graph.producers.get(scaled)
  const weight = product?.type === 'Mul' ? product.inputs.find((name) => weightName(graph, name)) : undefined
  return weight !== undefined && bias !== undefined ? { weight, bias } : null
}

/** Exporters keep one copy of equal weights and let the others point to it; halves are widened before they are read. */
function weightName(graph: OnnxGraph, name: string): string | null {
  if (graph.weights.has(name)) return name
  const operator = graph.producers.get(name)
  return operator?.type === 'Identity' || operator?.type === 'Cast' ? weightName(graph, operator.inputs[0]) : null
}

function readVector(graph: OnnxGraph, file: string, name: string): Float32Array | null {
  const info = graph.weights.get(weightName(graph, name) ?? '')
  if (!info || !['float32', 'float16', 'bfloat16'].includes(info.type)) return null
  const bytes = new Uint8Array(info.length)
  const descriptor = openSync(info.external === null ? file : join(dirname(file), info.external), 'r')
  try {
    if (readSync(descriptor, bytes, 0, bytes.length, info.offset) !== bytes.length) return null
  } finally {
    closeSync(descriptor)
  }
  if (info.type === 'float32') return new Float32Array(bytes.buffer)
  if (info.type === 'float16') return Float32Array.from(new Float16Array(bytes.buffer))
  return new Float32Array(Uint32Array.from(new Uint16Array(bytes.buffer), (half) => half << 16).buffer)
}
