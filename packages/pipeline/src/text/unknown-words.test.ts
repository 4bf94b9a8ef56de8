import { expect, test } from 'vitest'
import { unknownWords } from './unknown-words.ts'

test('names each unknown word once, in small letters', () => {
  const vocabulary = ['a', 'photo', 'of', 'Strawberry', "artist's"]
  expect(unknownWords("A photo of a STRAWBERRY, (Zebra:1.2), artist's zebra 42 🍓", vocabulary)).toEqual(['zebra'])
  expect(unknownWords('', vocabulary)).toEqual([])
})
