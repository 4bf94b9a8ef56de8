import { parseAttention } from '@pentimento/vocabulary'
import { promptMarks } from '../folder/text-signature.ts'
import type { Tokenizer } from './tokenizer.ts'

/** What a text encoder reads at once: begin mark, tokens, end mark, padding, each with its weight. */
export interface Chunk {
  ids: number[]
  weights: number[]
  /** Vectors that stand in the place of tokens' own, from that place on. */
  overrides: { at: number; name: string; vectors: Float32Array }[]
}

/** A word of the prompt that has vectors of its own, as one text encoder takes them. */
export interface TokenEmbedding {
  name: string
  /** The tokens of its name. */
  ids: readonly number[]
  /** [count, width] */
  vectors: Float32Array
  count: number
}

/** How far back from a chunk's end a comma may be for the chunk to end there instead of within the phrase. */
const commaBacktrack = 20

/**
 * AUTOMATIC1111's way with prompts of any length: weighted tokens in chunks (modules/sd_hijack_clip.py).
 *
 * @param length of a chunk with its marks
 * @param embeddings are found by their tokens, the longest name first, and kept in one chunk
 * (modules/textual_inversion)
 */
export function promptChunks(
  prompt: string,
  tokenizer: Tokenizer,
  length: number,
  embeddings: readonly TokenEmbedding[] = [],
): Chunk[] {
  const tokensPerChunk = length - promptMarks
  const chunks: Chunk[] = []
  let ids: number[] = []
  let weights: number[] = []
  let overrides: Chunk['overrides'] = []
  let lastComma = -1
  const finish = (): void => {
    chunks.push(framed({ ids, weights, overrides }, tokenizer, length))
    ids = []
    weights = []
    overrides = []
    lastComma = -1
  }
  for (const { text, weight } of parseAttention(prompt)) {
    if (text === null) {
      finish()
      continue
    }
    for (const item of withEmbeddings(tokenizer.encode(text), embeddings)) {
      if (typeof item !== 'number') {
        if (ids.length + item.count > tokensPerChunk) finish()
        overrides.push({ at: ids.length, name: item.name, vectors: item.vectors })
        ids.push(...Array<number>(item.count).fill(0))
        weights.push(...Array<number>(item.count).fill(weight))
        continue
      }
      const id = item
      if (id === tokenizer.comma) lastComma = ids.length
      else if (ids.length === tokensPerChunk && lastComma !== -1 && ids.length - lastComma <= commaBacktrack) {
        const movedIds = ids.splice(lastComma + 1)
        const movedWeights = weights.splice(lastComma + 1)
        finish()
        ids = movedIds
        weights = movedWeights
      }
      if (ids.length === tokensPerChunk) finish()
      ids.push(id)
      weights.push(weight)
    }
  }
  if (ids.length > 0 || chunks.length === 0) finish()
  return chunks
}

/** diffusers' way: one chunk, what does not fit is cut off. `truncated` counts the tokens that were. */
export function singleChunk(
  prompt: string,
  tokenizer: Tokenizer,
  length: number,
  embeddings: readonly TokenEmbedding[] = [],
): { chunk: Chunk; truncated: number } {
  const ids: number[] = []
  const overrides: Chunk['overrides'] = []
  for (const item of withEmbeddings(tokenizer.encode(prompt), embeddings)) {
    if (typeof item === 'number') ids.push(item)
    else {
      overrides.push({ at: ids.length, name: item.name, vectors: item.vectors })
      ids.push(...Array<number>(item.count).fill(0))
    }
  }
  const kept = ids.slice(0, length - promptMarks)
  const weights = kept.map(() => 1)
  const within = overrides.filter(({ at }) => at < kept.length)
  const chunk = framed({ ids: kept, weights, overrides: within }, tokenizer, length)
  return { chunk, truncated: ids.length - kept.length }
}

/** The tokens, with embeddings in the place of their names. */
function withEmbeddings(ids: readonly number[], embeddings: readonly TokenEmbedding[]): (number | TokenEmbedding)[] {
  const longestFirst = embeddings.toSorted((a, b) => b.ids.length - a.ids.length)
  const items: (number | TokenEmbedding)[] = []
  for (let i = 0; i < ids.length; ) {
    const found = longestFirst.find((one) => one.ids.length > 0 && one.ids.every((id, j) => id === ids[i + j]))
    items.push(found ?? (ids[i] as number))
    i += found?.ids.length ?? 1
  }
  return items
}

function framed({ ids, weights, overrides }: Chunk, { begin, end, pad }: Tokenizer, length: number): Chunk {
  const missing = length - promptMarks - ids.length
  return {
    ids: [begin, ...ids, end, ...Array<number>(missing).fill(pad)],
    weights: [1, ...weights, ...Array<number>(missing + 1).fill(1)],
    // Behind the begin mark.
    overrides: overrides.map((one) => ({ ...one, at: one.at + 1 })),
  }
}
