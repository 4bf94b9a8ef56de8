import fc from 'fast-check'
import { expect, it } from 'vitest'
import { lossOfJson } from './json.ts'

function loss(text: string): string | null {
  JSON.parse(text)
  return lossOfJson(text)
}

it.each([
  '{"discord_user":175928847299117063}',
  '[9007199254740993]',
  '[1e400]',
  '[-1e400]',
  '[0.1000000000000000055]',
  '[3.14159265358979323846]',
  '[1e-400]',
  '[-0]',
  '[-0.0e5]',
  '{"a":{"b":[123456789012345678901234567890]}}',
])('tells that the number of %s cannot be kept', (text) => {
  expect(loss(text)).toMatch(/^the number [-\d.e…]+ cannot be kept exactly: send it as a string$/)
})

it.each([
  ['{"a":1,"a":2}', '"a"'],
  ['{"a":1,"\\u0061":1}', '"\\u0061"'],
  ['{"a" :1,"b":{"a":1}, "a" : {}}', '"a"'],
  ['[{"b":{"a":[],"a":[]}}]', '"a"'],
  ['[{"\\":1,"\\":2}]'.replaceAll('\\', '\\\\'), '"\\\\"'],
])('tells which name stands twice in %s', (text, name) => {
  expect(loss(text)).toBe(`the name ${name} stands twice in one object`)
})

it('tells that __proto__ is no name', () => {
  for (const text of ['{"a":[{"__proto__":1}]}', '{"\\u005f_proto__":1}'])
    expect(loss(text)).toBe('a member cannot be called __proto__')
})

it.each([
  '{}',
  '0',
  '[1.0, 1.50, 1E5, 1e+5, 100e-2, 0.0, 0e9, 9007199254740991, 0.1, 1e21, 5e-324]',
  '{"text":"175928847299117063, {\\"a\\":1,\\"a\\":2} \\\\","a:":1,":":{"a":1}}',
  '["\\ud800", "é", "\\u0000"]',
  '{"constructor":1,"a":{"a":{"a":1}}}',
  '[{"a":1},{"a":1},["a","a"],"a"]',
  `${'['.repeat(30_000)}${']'.repeat(30_000)}`,
  `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`,
])('lets %s pass', (text) => {
  expect(loss(text)).toBeNull()
})

it('lets everything pass that was written by JSON.stringify', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      fc.pre(!text.includes('__proto__'))
      expect(loss(text)).toBeNull()
    }),
  )
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) => {
      expect(loss(JSON.stringify([number]))).toBeNull()
    }),
  )
})

it('tells of every integer that a double does not hold', () => {
  fc.assert(
    fc.property(fc.bigInt(0n, 1n << 80n), (integer) => {
      const kept = BigInt(Number(integer)) === integer
      // Some that a double holds exactly are written shorter by JSON.stringify, and would come back so.
      if (!kept) expect(loss(`[${integer}]`)).not.toBeNull()
    }),
  )
})
