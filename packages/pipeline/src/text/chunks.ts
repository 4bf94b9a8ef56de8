import { parseAttention } from '@pentimento/vocabulary'
import type { Tokenizer } from './tokenizer.ts'

/** What a text encoder reads at once: begin mark, `tokensPerChunk` tokens, end mark, each with its weight. */
export interface Chunk {
  ids: number[]
  weights: number[]
}

const tokensPerChunk = 75
export const chunkLength = tokensPerChunk + 2

/** How far back from a chunk's end a comma may be for the chunk to end there instead of within the phrase. */
const commaBacktrack = 20

/** AUTOMATIC1111's way with prompts of any length: weighted tokens in chunks of 75 (modules/sd_hijack_clip.py). */
export function promptChunks(prompt: string, tokenizer: Tokenizer): Chunk[] {
  const chunks: Chunk[] = []
  let ids: number[] = []
  let weights: number[] = []
  let lastComma = -1
  const finish = (): void => {
    chunks.push(framed(ids, weights, tokenizer))
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
export function singleChunk(prompt: string, tokenizer: Tokenizer): { chunk: Chunk; truncated: number } {
  const ids = tokenizer.encode(prompt)
  const kept = ids.slice(0, tokensPerChunk)
  const weights = kept.map(() => 1)
  return { chunk: framed(kept, weights, tokenizer), truncated: ids.length - kept.length }
}

function framed(ids: number[], weights: number[], { begin, end, pad }: Tokenizer): Chunk {
  const missing = tokensPerChunk - ids.length
  return {
    ids: [begin, ...ids, end, ...Array<number>(missing).fill(pad)],
    weights: [1, ...weights, ...Array<number>(missing + 1).fill(1)],
  }
}
