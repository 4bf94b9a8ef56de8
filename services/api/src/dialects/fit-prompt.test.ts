import { limits } from '@pentimento/contracts'
import { refusals } from '@pentimento/vocabulary'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { fitPlainPrompt, fitPrompt } from './fit-prompt.ts'

it('leaves a usual prompt alone', () => {
  expect(fitPrompt('a (red:1.2) café,\n日本 🍓')).toBe('a (red:1.2) café,\n日本 🍓')
})

it('drops control characters and halves of pairs, and cuts at a word', () => {
  expect(fitPrompt('a\u0000b\ud800')).toBe('ab\ufffd')
  const words = 'strawberry '.repeat(400)
  expect(fitPrompt(words)).toMatch(/^(strawberry )+strawberry$/)
  expect(fitPrompt('漢'.repeat(4000))).toHaveLength(2000)
})

it('takes a plain prompt literally', () => {
  const text = 'salt AND pepper BREAK (1:2) [a|b] <lora:x:1> \\'
  expect(fitPlainPrompt(text, 'a1111')).toBe('salt and pepper break \\(1:2\\) \\[a|b\\] < lora:x:1> \\\\')
  expect(fitPlainPrompt(text, undefined)).toBe(fitPlainPrompt(text, 'a1111'))
  expect(fitPlainPrompt(text, 'diffusers')).toBe(text)
})

it('always gives what native routes take', () => {
  const rest = {
    semantics: 'a1111',
    sampler: 'euler',
    schedule: 'automatic',
    steps: 20,
    stepPolicy: 'proportional',
  } as const
  const more = {
    strength: 1,
    resizeMode: 'stretch',
    variationStrength: 0,
    clipSkip: 1,
    negativePrompt: '',
    inpaint: null,
  } as const
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 5000, size: 'max' }),
    fc
      .array(fc.constantFrom('(', ')', '[', ']', '|', ':1', '\\', 'AND', '<lora:x:1>', 'a', ' ', '🍓'), {
        maxLength: 3000,
        size: 'max',
      })
      .map((all) => all.join('')),
  )
  fc.assert(
    fc.property(text, (prompt) => {
      const plain = fitPlainPrompt(prompt, 'a1111')
      for (const fitted of [plain, fitPrompt(prompt)]) {
        expect(fitted.length).toBeLessThanOrEqual(limits.promptCharacters)
        expect(Buffer.byteLength(fitted)).toBeLessThanOrEqual(limits.promptBytes)
        expect(fitted.isWellFormed()).toBe(true)
      }
      expect(refusals({ ...rest, ...more, prompt: plain }, { family: 'sd1' })).toEqual([])
    }),
    { numRuns: 200 },
  )
})
