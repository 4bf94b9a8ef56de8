import { expect, it } from 'vitest'
import { clipVocabulary } from './clip-vocabulary.ts'

it('has CLIP’s tokens at their ids, none twice', () => {
  const { merges, ids } = clipVocabulary()
  expect(merges).toHaveLength(48_894)
  expect(Object.keys(ids)).toHaveLength(49_408)
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
