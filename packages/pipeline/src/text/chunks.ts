import { parseAttention } from '@pentimento/vocabulary'
import { promptMarks } from '../folder/text-signature.ts'
import type { Tokenizer } from './tokenizer.ts'

/** What a text encoder reads at once: begin mark, tokens, end mark, padding, each with its weight. */
export interface Chunk {
  ids: number[]
  weights: number[]
}

/** How far back from a chunk's end a comma may be for the chunk to end there instead of within the phrase. */
const commaBacktrack = 20

/**
 * AUTOMATIC1111's way with prompts of any length: weighted tokens in chunks (modules/sd_hijack_clip.py).
 *
 * @param length of a chunk with its marks
 */
export function promptChunks(prompt: string, tokenizer: Tokenizer, length: number): Chunk[] {
  const tokensPerChunk = length - promptMarks
  const chunks: Chunk[] = []
  let ids: number[] = []
  let weights: number[] = []
  let lastComma = -1
  const finish = (): void => {
    chunks.push(framed(ids, weights, tokenizer, length))
    ids = []
    weights = []
    lastComma = -1
  }
  for (const { text, weight } of parseAttention(prompt)) {
    if (text === null) {
      finish()
      continue
    }
    for (const id of tokenizer.encode(text)) {
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
export function singleChunk(prompt: string, tokenizer: Tokenizer, length: number): { chunk: Chunk; truncated: number } {
  const ids = tokenizer.encode(prompt)
  const kept = ids.slice(0, length - promptMarks)
  const weights = kept.map(() => 1)
  return { chunk: framed(kept, weights, tokenizer, length), truncated: ids.length - kept.length }
}

function framed(ids: number[], weights: number[], { begin, end, pad }: Tokenizer, length: number): Chunk {
  const missing = length - promptMarks - ids.length
  return {
    ids: [begin, ...ids, end, ...Array<number>(missing).fill(pad)],
    weights: [1, ...weights, ...Array<number>(missing + 1).fill(1)],
  }
}
