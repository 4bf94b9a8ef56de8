import { expect, test } from 'vitest'
import { unsupportedSyntax } from './unsupported-syntax.ts'

test.each([
  ['a cat <lora:style:0.8>', '<lora:…> here'],
  ['<hypernet:x>', 'a hypernetwork'],
])('%j is refused', (prompt, name) => {
  expect(unsupportedSyntax(prompt)?.what).toContain(name)
})

test.each([
  '',
  'a cat and a dog',
  'a [cat:dog:0.5] AND [a|b]',
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
