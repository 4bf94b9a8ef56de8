import { expect, it } from 'vitest'
import { clipVocabulary } from './clip-vocabulary.ts'

it('has CLIP’s tokens at their ids, none twice', () => {
  const { characters, merges, marks } = clipVocabulary()
  expect(characters).toHaveLength(512)
  expect(merges).toHaveLength(48_894)
  const tokens = [...characters, ...merges.map((pair) => pair.replace(' ', '')), ...marks]
  expect(new Set(tokens).size).toBe(49_408)
  const ids = Object.fromEntries(tokens.map((token, id) => [token, id]))
  expect(ids).toMatchObject({
    '!': 0,
    ',</w>': 267,
    in: 512,
    'a</w>': 320,
    'cat</w>': 2368,
    '<|startoftext|>': 49_406,
    '<|endoftext|>': 49_407,
  })
})
