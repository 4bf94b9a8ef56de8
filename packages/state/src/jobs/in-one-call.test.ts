import { expect, test } from 'vitest'
import { inOneCall } from './in-one-call.ts'

test('asks once for all that is asked in one turn, at most a hundred, and gives everyone the own answer', async () => {
  const calls: string[][] = []
  const ask = inOneCall(async (ids) => {
    calls.push(ids)
    return ids.map((id) => `of ${id}`)
  })
  const ids = Array.from({ length: 250 }, (_, i) => String(i))
  expect(await Promise.all(ids.map(ask))).toEqual(ids.map((id) => `of ${id}`))
  expect(calls.map(({ length }) => length)).toEqual([100, 100, 50])
  expect(await ask('later')).toBe('of later')
  expect(calls).toHaveLength(4)
})

test('tells everyone of a call that fails, and asks anew afterwards', async () => {
  let fail = true
  const ask = inOneCall(async (ids) => {
    if (fail) throw new Error('away')
    return ids
  })
  const refused = await Promise.allSettled([ask('a'), ask('b')])
  expect(refused.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  fail = false
  expect(await ask('a')).toBe('a')
})
