import { PipelineError } from '../errors.ts'
import type { ModelPart } from '../folder/read-part.ts'
import { hiddenStates, lastHiddenState, pooledOutput, type TextSignature } from '../folder/text-signature.ts'
import { type FinalNorm, readFinalNorm } from '../onnx/final-norm.ts'
import type { Session } from '../ort/graph.ts'
import { type Floats, sharedFloats } from '../ort/values.ts'
import type { Chunk } from './chunks.ts'
import type { Tokenizer } from './tokenizer.ts'

/** A CLIP text encoder with its tokenizer. */
export interface TextEncoder {
  name: 'text_encoder' | 'text_encoder_2'
  tokenizer: Tokenizer
  session: Session
  signature: TextSignature
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
  /** [rows, width] */
  hidden: Float32Array
  /** One for each token as a rule; what the encoder gives is what counts. */
  rows: number
  width: number
  pooled: Float32Array | null
}

export function textEncoder(
  name: TextEncoder['name'],
  tokenizer: Tokenizer,
  session: Session,
  signature: TextSignature,
  { graph, file }: ModelPart,
): TextEncoder {
  const layers = hiddenStates(session)
  const last = lastHiddenState(session)
  return {
    name,
    tokenizer,
    session,
    signature,
    last,
    pooled: pooledOutput(session)?.name ?? null,
    layers,
    finalNorm: layers.length > 0 ? readFinalNorm(graph, file, last) : null,
  }
}

/**
 * Encodes one chunk of tokens, as many as the encoder reads at once.
 *
 * @param layer 'last': the normalised last layer. 'normalised' and 'raw' with `fromEnd` 1, 2, …: the raw output of that
 * layer counted from the end, with or without the final layer norm.
 */
export async function encodeChunk(
  encoder: TextEncoder,
  { ids, overrides }: Pick<Chunk, 'ids' | 'overrides'>,
  layer: { kind: 'last' } | { kind: 'normalised' | 'raw'; fromEnd: number },
): Promise<EncodedChunk> {
  const name = layer.kind === 'last' ? encoder.last : encoder.layers.at(-layer.fromEnd)
  if (name === undefined) throw new PipelineError('not_supported', 'The text encoder has no layer that early.')
  const fetches = encoder.pooled === null ? [name] : [name, encoder.pooled]
  const answer = await encoder.session.run(feedsOf(encoder, ids, overrides), fetches)
  const { data: hidden, dims } = answer[name]
  const [rows, width] = dims.slice(-2)
  if (layer.kind === 'normalised') {
    if (!encoder.finalNorm) throw new PipelineError('not_supported', 'The text encoder keeps its last norm to itself.')
    layerNorm(hidden, width, encoder.finalNorm.weight, encoder.finalNorm.bias)
  }
  return { hidden, rows, width, pooled: encoder.pooled === null ? null : answer[encoder.pooled].data }
}

/** Every token counts, the padding too, as where there is no mask to say so. */
function feedsOf(
  { signature: { ids, mask, positions, overrides: inputs }, session, last }: TextEncoder,
  tokens: readonly number[],
  overrides: Chunk['overrides'],
): Record<string, Floats> {
  const row = (data: Float32Array): Floats => ({ data, dims: [1, tokens.length] })
  const feeds = { [ids]: row(Float32Array.from(tokens)) }
  if (mask !== null) feeds[mask] = row(new Float32Array(tokens.length).fill(1))
  if (positions !== null) feeds[positions] = row(Float32Array.from(tokens, (_, i) => i))
  if (inputs !== null) {
    const width = Number(session.outputs.find(({ name }) => name === last)?.shape.at(-1))
    const embeds = overrides.length === 0 ? zerosOf(tokens.length * width) : new Float32Array(tokens.length * width)
    const isOverridden = new Float32Array(tokens.length)
    for (const { at, vectors } of overrides) {
      const rows = Math.min(vectors.length / width, tokens.length - at)
      embeds.set(vectors.subarray(0, rows * width), at * width)
      isOverridden.fill(1, at, at + rows)
    }
    feeds[inputs.embeds] = { data: embeds, dims: [1, tokens.length, width] }
    feeds[inputs.mask] = { data: isOverridden, dims: [1, tokens.length, 1] }
  }
  return feeds
}

/** For prompts that override nothing, the latest asked for: in memory that the device's thread sees without a copy. */
let zeros = sharedFloats(0)

function zerosOf(length: number): Float32Array {
  if (zeros.length !== length) zeros = sharedFloats(length)
  return zeros
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
