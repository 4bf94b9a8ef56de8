import { expect, it } from 'vitest'
import { badgesOf } from './badge-words.ts'

const unknown = { code: 'unknown_words', message: 'This model knows few words and has never seen: zebra, quince.' }

it('names the words that a model has never seen', () => {
  expect(badgesOf([{ warnings: [unknown] }])).toEqual([{ words: 'Unknown: zebra, quince', message: unknown.message }])
})

it('says everything once, and what it has no words for as the api calls it', () => {
  const cut = { code: 'truncated_prompt', message: 'The prompt was cut after 75 tokens.' }
  expect(badgesOf([{ warnings: [unknown, cut] }, { warnings: [unknown] }]).map(({ words }) => words)).toEqual([
    'Unknown: zebra, quince',
    'Truncated prompt',
  ])
  expect(badgesOf([{ warnings: [] }])).toEqual([])
})
