import fc from 'fast-check'
import { expect, it } from 'vitest'
import { tooManyValues } from './json-values.ts'

const of = (text: string) => tooManyValues(Buffer.from(text))

it.each([
  ['many lists', `[${'[],'.repeat(20_000)}1]`],
  ['many texts', `[${'"",'.repeat(20_001)}1]`],
  ['deep ones', `${'['.repeat(65)}1${']'.repeat(65)}`],
  ['what never ends', '['.repeat(100_000)],
])('finds %s', (_, text) => expect(of(text)).toBe(true))

it('passes over what stands in texts', () => {
  expect(of(JSON.stringify({ a: '['.repeat(100_000), b: '\\",["'.repeat(50_000), c: 'é"\\'.repeat(50_000) }))).toBe(
    false,
  )
  expect(of('"never ends [[[')).toBe(false)
})

it('lets every JSON of a usual size through', () => {
  fc.assert(fc.property(fc.json({ maxDepth: 5 }), (text) => !of(text)))
})
