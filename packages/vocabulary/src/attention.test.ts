import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseAttention } from './attention.ts'

const parsed = (prompt: string): [string | null, number][] =>
  parseAttention(prompt).map(({ text, weight }) => [text, Number(weight.toFixed(6))])

describe('emphasis', () => {
  test.each<[string, [string | null, number][]]>([
    ['', [['', 1]]],
    ['plain text', [['plain text', 1]]],
    [
      'an (important) word',
      [
        ['an ', 1],
        ['important', 1.1],
        [' word', 1],
      ],
    ],
    [
      'an [unimportant] word',
      [
        ['an ', 1],
        ['unimportant', 0.909091],
        [' word', 1],
      ],
    ],
    ['((twice))', [['twice', 1.21]]],
    [
      '(a [b] c)',
      [
        ['a ', 1.1],
        ['b', 1],
        [' c', 1.1],
      ],
    ],
    ['(word:1.5)', [['word', 1.5]]],
    ['(word : 0.5 )', [['word ', 0.5]]],
    ['(minus:-0.5)', [['minus', -0.5]]],
    [
      '(a (b:2):3)',
      [
        ['a ', 3],
        ['b', 6],
      ],
    ],
    ['(unclosed', [['unclosed', 1.1]]],
    ['[[unclosed', [['unclosed', 0.826446]]],
    ['closed) alone]', [['closed) alone]', 1]]],
    ['a ratio of 1:2)', [['a ratio of 1:2)', 1]]],
    ['\\(literal\\) \\[too\\] \\\\', [['(literal) [too] \\', 1]]],
    ['(unbalanced\\)', [['unbalanced)', 1.1]]],
  ])('%j', (prompt, expected) => {
    expect(parsed(prompt)).toEqual(expected)
  })
})

describe('BREAK', () => {
  test('parts the prompt and eats the blanks around it', () => {
    expect(parsed('one  BREAK \n two')).toEqual([
      ['one', 1],
      [null, -1],
      ['two', 1],
    ])
  })

  test('is no BREAK within a word or in small letters', () => {
    expect(parsed('BREAKFAST break')).toEqual([['BREAKFAST break', 1]])
  })

  test('is a word like any other inside weighted brackets', () => {
    expect(parsed('(a BREAK b)')).toEqual([
      ['a', 1.1],
      ['BREAK', -1.1],
      ['b', 1.1],
    ])
  })
})

test('no text is lost, whatever the brackets', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('a', ' ', '(', ')', '[', ']', ':', '1', '.', '\\') }), (prompt) => {
      const letters = (text: string): string => text.replaceAll(/[^a]/g, '')
      const segments = parseAttention(prompt)
      expect(letters(segments.map(({ text }) => text ?? '').join(''))).toBe(letters(prompt))
      expect(segments.every(({ weight }) => Number.isFinite(weight))).toBe(true)
    }),
  )
})
