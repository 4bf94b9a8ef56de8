import { expect, test } from 'vitest'
import { unsupportedSyntax } from './unsupported-syntax.ts'

test.each([
  ['a cat AND a dog', 'AND'],
  ['a [cat|dog] in a field', 'alternation'],
  ['a ((big:1.2) [cat|dog])', 'alternation'],
  ['a [cat:dog:0.5]', 'prompt editing'],
  ['a [dog:12]', 'prompt editing'],
  ['a [dog::0.3]', 'prompt editing'],
  ['a [(cat:1.2):dog:10]', 'prompt editing'],
  ['a [dog:-1]', 'prompt editing'],
  ['a [dog:1e1]', 'prompt editing'],
  ['a cat <lora:style:0.8>', '<lora:…> here'],
  ['<hypernet:x>', 'a hypernetwork'],
])('%j is refused', (prompt, name) => {
  expect(unsupportedSyntax(prompt)?.what).toContain(name)
})

test.each([
  '',
  'a cat and a dog',
  'SAND, ANDROID',
  'a (cat:1.2) [dark]',
  '[very (bright:1.3)]',
  'a | b, 1:2',
  '\\[a|b\\]',
  '(a|b)',
  '[unclosed|',
  'a <3 b',
  'ratio [16:9',
])('%j is taken as it is', (prompt) => {
  expect(unsupportedSyntax(prompt)).toBeNull()
})
