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
  const widen = info && toFloat32[info.type]
  if (!info || !widen) return null
  const bytes = new Uint8Array(info.length)
  const descriptor = openSync(info.external === null ? file : join(dirname(file), info.external), 'r')
  try {
    if (readSync(descriptor, bytes, 0, bytes.length, info.offset) !== bytes.length) return null
  } finally {
    closeSync(descriptor)
  }
  return widen(bytes)
}

/** Stored numbers of each type, as ONNX calls it, little-endian. */
const toFloat32: Record<string, (bytes: Uint8Array<ArrayBuffer>) => Float32Array> = {
  float64: ({ buffer }) => Float32Array.from(new Float64Array(buffer)),
  float32: ({ buffer }) => new Float32Array(buffer),
  float16: ({ buffer }) => Float32Array.from(new Float16Array(buffer)),
  bfloat16: ({ buffer }) => new Float32Array(Uint32Array.from(new Uint16Array(buffer), (half) => half << 16).buffer),
  // The upper byte of a half.
  float8e5m2: (bytes) => Float32Array.from(new Float16Array(Uint16Array.from(bytes, (byte) => byte << 8).buffer)),
  float8e4m3fn: (bytes) => Float32Array.from(bytes, fromE4m3),
}

function fromE4m3(byte: number): number {
  const [exponent, mantissa] = [(byte >> 3) & 15, byte & 7]
  const size = exponent === 0 ? mantissa * 2 ** -9 : (8 + mantissa) * 2 ** (exponent - 10)
  if ((byte & 127) === 127) return Number.NaN
  return byte < 128 ? size : -size
}
