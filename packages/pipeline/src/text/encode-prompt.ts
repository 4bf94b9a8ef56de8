import type { Semantics } from '@pentimento/vocabulary'
import { PipelineError } from '../errors.ts'
import type { TextLayout } from '../folder/text-layout.ts'
import { type Chunk, promptChunks, singleChunk, type TokenEmbedding } from './chunks.ts'
import { type EncodedChunk, encodeChunk, type TextEncoder } from './text-encoder.ts'

/** What the UNet is told of a prompt. */
export interface Conditioning {
  /** [tokens, width] */
  context: Float32Array
  tokens: number
  width: number
  /** The projected summary of the last encoder, of families that have one. */
  pooled: Float32Array | null
}

export interface PromptOptions {
  semantics: Semantics
  /** 1 is the last layer. */
  clipSkip: number
  layer: TextLayout['layer']
  /**
   * Tokens that the conditioning must have where the encoder can give so many: diffusers pads the negative prompt to
   * it.
   */
  tokens?: number
  /** Words with vectors of their own, for each encoder. */
  embeddings?: ReadonlyMap<TextEncoder['name'], readonly TokenEmbedding[]>
}

/**
 * @returns the conditioning, how many tokens did not fit (only under `diffusers`), and the names of embeddings in it
 */
export async function encodePrompt(
  prompt: string,
  encoders: readonly TextEncoder[],
  options: PromptOptions,
): Promise<{ conditioning: Conditioning; truncated: number; named: string[] }> {
  let truncated = 0
  const named = new Set<string>()
  const parts: EncodedChunk[] = []
  for (const encoder of encoders) {
    const { length, isFixed } = encoder.signature
    const own = options.embeddings?.get(encoder.name)
    let chunks: Chunk[]
    if (options.semantics === 'a1111') chunks = promptChunks(prompt, encoder.tokenizer, length, own)
    else {
      const single = singleChunk(prompt, encoder.tokenizer, isFixed ? length : (options.tokens ?? length), own)
      chunks = [single.chunk]
      truncated = Math.max(truncated, single.truncated)
    }
    const encoded: EncodedChunk[] = []
    for (const chunk of chunks) {
      const result = await encodeChunk(encoder, chunk, layerFor(options))
      emphasise(result, chunk.weights)
      for (const { name } of chunk.overrides) named.add(name)
      encoded.push(result)
    }
    parts.push({ ...joinChunks(encoded), pooled: encoded[0].pooled })
  }
  return { conditioning: joinEncoders(parts), truncated, named: [...named] }
}

/** The conditioning of nothing: all zeros, of the same shape. */
export function zeroConditioning({ tokens, width, pooled }: Conditioning): Conditioning {
  return {
    context: new Float32Array(tokens * width),
    tokens,
    width,
    pooled: pooled && new Float32Array(pooled.length),
  }
}

/**
 * The layer that is left when `clipSkip` - 1 of the family's are skipped (diffusers' clip_skip is one less than this
 * one).
 */
function layerFor({ clipSkip, layer }: PromptOptions): Parameters<typeof encodeChunk>[2] {
  const fromEnd = layer.fromEnd + clipSkip - 1
  if (!layer.isNormalised) return { kind: 'raw', fromEnd }
  return fromEnd === 1 ? { kind: 'last' } : { kind: 'normalised', fromEnd }
}

/**
 * By how much the mean is brought back at most. Honest weights need a factor near 1, a long prompt of weight 0 about
 * 15; where weights cancel each other out it grows without end. CLIP's numbers, which stay below 40, times the heaviest
 * weight and this are still within float16.
 */
const largestFactor = 100

/**
 * Multiplies each token by its weight, then brings the mean back to what it was: AUTOMATIC1111's "Original" emphasis.
 */
function emphasise({ hidden, rows, width }: EncodedChunk, weights: readonly number[]): void {
  if (weights.every((weight) => weight === 1)) return
  if (rows !== weights.length) {
    throw new PipelineError(
      'not_supported',
      `The text encoder gives ${rows} rows for ${weights.length} tokens, so that none can be weighted. Leave weights such as (word:1.2) out of the prompt.`,
    )
  }
  const before = sum(hidden)
  for (let i = 0; i < hidden.length; i++) hidden[i] *= weights[Math.floor(i / width)]
  const factor = before / sum(hidden)
  if (!(Math.abs(factor) <= largestFactor)) {
    throw new PipelineError(
      'not_supported',
      'The weights of the prompt cancel each other out, so that their sum cannot be brought back to what it was. Take weights nearer to 1.',
    )
  }
  for (let i = 0; i < hidden.length; i++) hidden[i] *= factor
}

function sum(values: Float32Array): number {
  return values.reduce((total, value) => total + value, 0)
}

function joinChunks(chunks: readonly EncodedChunk[]): { hidden: Float32Array; width: number; rows: number } {
  const [{ width }] = chunks
  const rows = chunks.reduce((sum, chunk) => sum + chunk.rows, 0)
  const hidden = new Float32Array(rows * width)
  let filled = 0
  for (const chunk of chunks) {
    hidden.set(chunk.hidden, filled)
    filled += chunk.hidden.length
  }
  return { hidden, width, rows }
}

/** Side by side: each token's vector is the first encoder's, then the second's. */
function joinEncoders(parts: readonly EncodedChunk[]): Conditioning {
  const width = parts.reduce((total, part) => total + part.width, 0)
  const [{ rows: tokens }] = parts
  if (parts.some(({ rows }) => rows !== tokens)) {
    const counts = parts.map(({ rows }) => rows).join(' and ')
    throw new PipelineError('not_supported', `The text encoders give ${counts} tokens for this prompt. Shorten it.`)
  }
  const context = new Float32Array(tokens * width)
  let column = 0
  for (const part of parts) {
    for (let t = 0; t < tokens; t++) {
      context.set(part.hidden.subarray(t * part.width, (t + 1) * part.width), t * width + column)
    }
    column += part.width
  }
  return { context, tokens, width, pooled: parts.at(-1)?.pooled ?? null }
}
