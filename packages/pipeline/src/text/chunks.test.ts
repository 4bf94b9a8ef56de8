import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { promptChunks, singleChunk } from './chunks.ts'
import type { Tokenizer } from './tokenizer.ts'

/** A token for each word; a comma is token 1. */
const tokenizer: Tokenizer = {
  encode: (text) => (text.match(/,|[^\s,]+/g) ?? []).map((word) => (word === ',' ? 1 : 100 + word.length)),
  begin: 2,
  end: 3,
  pad: 0,
  comma: 1,
}
const words = (count: number, length = 1): string => Array(count).fill('x'.repeat(length)).join(' ')

describe('chunks of 75', () => {
  test('an empty prompt is one chunk of padding', () => {
    expect(promptChunks('', tokenizer, 77)).toEqual([
      { ids: [2, 3, ...Array(75).fill(0)], weights: Array(77).fill(1), overrides: [] },
    ])
  })

  test('weights stand beside their tokens, marks count 1', () => {
    const [chunk] = promptChunks('a (bb:1.5) c', tokenizer, 77)
    expect(chunk.ids.slice(0, 6)).toEqual([2, 101, 102, 101, 3, 0])
    expect(chunk.weights.slice(0, 5)).toEqual([1, 1, 1.5, 1, 1])
  })

  test('75 tokens fit, the 76th begins another chunk', () => {
    expect(promptChunks(words(75), tokenizer, 77)).toHaveLength(1)
    const [first, second] = promptChunks(words(76), tokenizer, 77)
    expect(first.ids.at(-1)).toBe(3)
    expect(second.ids.slice(0, 4)).toEqual([2, 101, 3, 0])
  })

  test('a comma at most 20 tokens back ends the chunk instead', () => {
    const [first, second] = promptChunks(`${words(60)}, ${words(20, 2)}`, tokenizer, 77)
    expect(first.ids.slice(60, 64)).toEqual([101, 1, 3, 0])
    expect(second.ids.slice(0, 22)).toEqual([2, ...Array(20).fill(102), 3])
  })

  test('a comma further back does not', () => {
    const [first] = promptChunks(`${words(50)}, ${words(30, 2)}`, tokenizer, 77)
    expect(first.ids.at(-1)).toBe(3)
    expect(first.ids.at(-2)).toBe(102)
  })

  test.each([16, 40, 248])('an encoder that reads %d tokens has chunks of as many', (length) => {
    expect(promptChunks(words(length - 2), tokenizer, length)).toHaveLength(1)
    const chunks = promptChunks(words(length - 1), tokenizer, length)
    expect(chunks.map(({ ids, weights }) => [ids.length, weights.length])).toEqual([
      [length, length],
      [length, length],
    ])
    expect(chunks[1].ids.slice(0, 4)).toEqual([2, 101, 3, 0])
    const { chunk, truncated } = singleChunk(words(length), tokenizer, length)
    expect([chunk.ids.length, chunk.ids.at(-1), truncated]).toEqual([length, 3, 2])
  })

  test('BREAK ends a chunk, also an empty one', () => {
    expect(promptChunks('a BREAK b', tokenizer, 77).map(({ ids }) => ids.slice(0, 3))).toEqual([
      [2, 101, 3],
      [2, 101, 3],
    ])
    expect(promptChunks('BREAK a', tokenizer, 77)).toHaveLength(2)
  })

  test('every chunk has 77 places and no token is lost', () => {
    const part = fc.constantFrom('x', 'yy', ',', '(z:1.2)', 'BREAK')
    fc.assert(
      fc.property(fc.array(part, { maxLength: 300 }), (parts) => {
        const chunks = promptChunks(parts.join(' '), tokenizer, 77)
        for (const { ids, weights } of chunks) expect([ids.length, weights.length]).toEqual([77, 77])
        const kept = chunks.flatMap(({ ids }) => ids).filter((id) => id === 1 || id > 100)
        expect(kept).toHaveLength(parts.filter((one) => one !== 'BREAK').length)
      }),
    )
  })
})

describe('words with vectors of their own', () => {
  const vectors = new Float32Array(6)
  const embedding = (ids: number[], count: number) => ({ name: 'bb', ids, vectors, count })

  test('take as many places as they have vectors, and keep their weight', () => {
    const [chunk] = promptChunks('a (bb:1.5) c', tokenizer, 77, [embedding([102], 3)])
    expect(chunk.ids.slice(0, 7)).toEqual([2, 101, 0, 0, 0, 101, 3])
    expect(chunk.weights.slice(0, 6)).toEqual([1, 1, 1.5, 1.5, 1.5, 1])
    expect(chunk.overrides).toEqual([{ at: 2, name: 'bb', vectors }])
  })

  test('are not divided between chunks', () => {
    const [first, second] = promptChunks(`${words(74)} bb`, tokenizer, 77, [embedding([102], 3)])
    expect([first.overrides, second.overrides]).toEqual([[], [{ at: 1, name: 'bb', vectors }]])
    expect(first.ids.slice(74, 77)).toEqual([101, 3, 0])
  })

  test('of the longest name come first', () => {
    const [chunk] = promptChunks('a bb a', tokenizer, 77, [embedding([101], 1), embedding([101, 102], 2)])
    expect(chunk.overrides.map(({ at }) => at)).toEqual([1, 3])
  })

  test('are cut off as tokens are under diffusers', () => {
    const { chunk, truncated } = singleChunk(`${words(74)} bb`, tokenizer, 77, [embedding([102], 3)])
    expect([truncated, chunk.ids.length, chunk.overrides]).toEqual([2, 77, [{ at: 75, name: 'bb', vectors }]])
    expect(singleChunk(`${words(75)} bb`, tokenizer, 77, [embedding([102], 3)]).chunk.overrides).toEqual([])
  })
})

describe('a single chunk', () => {
  test('takes brackets as text and counts what it cuts off', () => {
    const { chunk, truncated } = singleChunk(`(a:1.5) ${words(80)}`, tokenizer, 77)
    expect(truncated).toBe(6)
    expect(chunk.ids.slice(0, 2)).toEqual([2, 107])
    expect(chunk.weights.every((weight) => weight === 1)).toBe(true)
  })
})
