import { PipelineError } from '../errors.ts'
import { hiddenStates, lastHiddenState } from '../models/signature.ts'
import type { OnnxGraph } from '../onnx/read-graph.ts'
import type { Floats, Session } from '../ort/session.ts'
import { chunkLength } from './chunks.ts'
import { type FinalNorm, readFinalNorm } from './final-norm.ts'
import type { Tokenizer } from './tokenizer.ts'

/** A CLIP text encoder with its tokenizer. */
export interface TextEncoder {
  tokenizer: Tokenizer
  session: Session
  /** Name of the normalised last layer. */
  last: string
  /** Name of the pooled, projected output, of encoders that have it. */
  pooled: string | null
  /** Names of the layers' raw outputs, first the embeddings; empty if the export has none. */
  layers: string[]
  /** What follows the last layer, for reading an earlier one: weight and bias of the layer norm. */
  finalNorm: FinalNorm | null
}

export interface EncodedChunk {
  /** [tokens, width] */
  hidden: Float32Array
  width: number
  pooled: Float32Array | null
}

export function textEncoder(tokenizer: Tokenizer, session: Session, graph: OnnxGraph, file: string): TextEncoder {
  const layers = hiddenStates(session)
  const pooled = session.outputs.find(({ name }) => name === 'text_embeds')
  return {
    tokenizer,
    session,
    last: lastHiddenState(session),
    pooled: pooled?.name ?? null,
    layers,
    finalNorm: layers.length > 0 ? readFinalNorm(graph, file) : null,
  }
}

/**
 * Encodes one chunk of 77 tokens.
 *
 * @param layer 'last': the normalised last layer. 'normalised' and 'raw' with `fromEnd` 1, 2, …: the raw output of that layer
 * counted from the end, with or without the final layer norm.
 */
export async function encodeChunk(
  encoder: TextEncoder,
  ids: readonly number[],
  layer: { kind: 'last' } | { kind: 'normalised' | 'raw'; fromEnd: number },
): Promise<EncodedChunk> {
  const name = layer.kind === 'last' ? encoder.last : encoder.layers.at(-layer.fromEnd)
  if (name === undefined) throw new PipelineError('not_supported', 'The text encoder has no layer that early.')
  const fetches = encoder.pooled === null ? [name] : [name, encoder.pooled]
  const inputName = encoder.session.inputs[0].name
  const input: Floats = { data: Float32Array.from(ids), dims: [1, chunkLength] }
  const answer = await encoder.session.run({ [inputName]: input }, fetches)
  const { data: hidden, dims } = answer[name]
  const width = dims[dims.length - 1]
  if (layer.kind === 'normalised') {
    if (!encoder.finalNorm) throw new PipelineError('not_supported', 'The text encoder keeps its last norm to itself.')
    layerNorm(hidden, width, encoder.finalNorm.weight, encoder.finalNorm.bias)
  }
  return { hidden, width, pooled: encoder.pooled === null ? null : answer[encoder.pooled].data }
}

/** In place, over each row of `width` values; CLIP's ε. */
function layerNorm(rows: Float32Array, width: number, weight: Float32Array, bias: Float32Array): void {
  for (let start = 0; start < rows.length; start += width) {
    const row = rows.subarray(start, start + width)
    const mean = row.reduce((sum, value) => sum + value, 0) / width
    const variance = row.reduce((sum, value) => sum + (value - mean) ** 2, 0) / width
    const scale = 1 / Math.sqrt(variance + 1e-5)
    for (let i = 0; i < width; i++) row[i] = (row[i] - mean) * scale * weight[i] + bias[i]
  }
}
