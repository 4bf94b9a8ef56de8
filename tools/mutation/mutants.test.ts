import { expect, test } from 'vitest'
import { luaMutantsOf, mutantsOf } from './mutants.ts'

test('changes each operator, number, condition and function that has an opposite, one at a time', () => {
  const text = 'if (a < 10)\n  b = Math.max(a + 2, c ?? -d)'
  const mutants = mutantsOf('x.ts', text)
  expect(mutants.map(({ line, was, becomes }) => `${line}: ${was} → ${becomes}`).sort()).toEqual([
    '1: 10 → 11',
    '1: < → <=',
    '1: a < 10 → false',
    '1: a < 10 → true',
    '2: + → -',
    '2: -d → d',
    '2: 2 → 3',
    '2: ?? → &&',
    '2: max → min',
  ])
  expect(mutants.find(({ was }) => was === '+')?.text).toBe('if (a < 10)\n  b = Math.max(a - 2, c ?? -d)')
})

test('changes Lua by its tokens, but no comments and no strings', () => {
  const text =
    "/** `of 1 or 2` */ export const lua = `\n-- 1 + 1\nlocal x = math.max(2, y) - tonumber('3')\nif x > 4 and y then return x end\n`"
  expect(luaMutantsOf(text).map(({ line, was, becomes }) => `${line}: ${was} → ${becomes}`)).toEqual([
    '3: math.max → math.min',
    '3: 2 → 3',
    '3: - → +',
    '4: > → >=',
    '4: 4 → 5',
    '4: and → or',
  ])
})
