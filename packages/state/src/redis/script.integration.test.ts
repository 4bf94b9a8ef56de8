import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { connectFailFast } from './connection.ts'
import { createFailover } from './failover.ts'
import { reachOf } from './reach.ts'
import { noReplication } from './replication.ts'
import { type List, listOf, script } from './script.ts'
import { createStore, type Store } from './store.ts'

let store: Store
beforeAll(async () => {
  const reach = reachOf({ redisUrl: inject('redisUrl'), namespace: randomUUID() })
  store = createStore(await connectFailFast(reach, () => {}, createFailover()), reach.hashTag, noReplication)
})
afterAll(() => store.redis.disconnect())

const same = script<{ value?: unknown }, unknown>('testSame', ['no-writes'], 'return input.value')

test.each([
  ['text of every kind', 'ä€😀 \u0000\u001f"\\/\n{}[]'],
  ['JSON in text, with half a character', JSON.stringify({ half: '\ud800', nothing: null, none: [] })],
  ['twenty thousand bytes', JSON.stringify('"\\'.repeat(5000))],
  ['numbers that are text', ['9007199254740993', '0.30000000000000004', '1e400']],
  ['whole numbers as large as times', [0, -1, Date.now(), 99_999_999_999_999]],
  ['what is true and what is not', { yes: true, no: false }],
])('%s goes there and back unchanged', async (_, value) => {
  expect(await store.run(same, { value })).toEqual(value)
})

test('what is left out is nothing, and an empty list is one', async () => {
  expect(await store.run(same, {})).toBe(null)
  expect(await store.run(same, { value: undefined })).toBe(null)
  expect(listOf((await store.run(same, { value: [] })) as List<string>)).toEqual([])
  expect(listOf((await store.run(same, { value: ['a'] })) as List<string>)).toEqual(['a'])
})

test('a hash is an object of texts, and there is none under an unknown name', async () => {
  const hash = script<{ name: string }, { fields: Record<string, string>; known: boolean }>(
    'testHash',
    ['no-writes'],
    'local fields, known = fieldsOf(ns .. input.name)\nreturn { fields = fields, known = known }',
  )
  await store.redis.hset(`${store.prefix}some`, { one: '9007199254740993', empty: '' })
  expect(await store.run(hash, { name: 'some' })).toEqual({
    fields: { one: '9007199254740993', empty: '' },
    known: true,
  })
  expect(await store.run(hash, { name: 'other' })).toEqual({ fields: {}, known: false })
})
