import { randomUUID } from 'node:crypto'
import { openState, type State } from '@pentimento/state'
import { afterAll, afterEach, beforeAll, expect, inject, it, vi } from 'vitest'
import { repeatsOf } from './repeats.ts'

let state: State
beforeAll(async () => {
  state = await openState({ redisUrl: inject('redisUrl'), namespace: `repeats-${randomUUID()}`, onError: () => {} })
})
afterAll(() => state.close())
afterEach(() => void vi.useRealTimers())

let requests = 0
const ask = (count: string | undefined, fingerprint = 'a', tenant = 'mine') =>
  repeatsOf(
    { state },
    tenant,
    { headers: count === undefined ? {} : { 'x-stainless-retry-count': count }, id: `request-${requests++}` },
    fingerprint,
  )
const keyOf = async (...asked: Parameters<typeof ask>) => (await ask(...asked))?.key

it('is not for clients that do not count', async () => {
  for (const count of [undefined, 'many', '1.5']) expect(await ask(count)).toBeNull()
})

it('gives a first request a key of its own, and a repeat that of the newest one', async () => {
  const first = await keyOf('0')
  const second = await keyOf('0')
  expect(second).not.toBe(first)
  expect(await keyOf('1')).toBe(second)
  expect(await keyOf('2')).toBe(second)
})

it('joins nothing of another request or another tenant', async () => {
  const key = await keyOf('0', 'b')
  expect(await keyOf('1', 'c')).not.toBe(key)
  expect(await keyOf('1', 'b', 'theirs')).not.toBe(key)
  expect(await keyOf('1', 'b')).toBe(key)
})

it('takes a new key for a job that was given up, which later repeats join', async () => {
  const first = await ask('0', 'd')
  const renewed = await (await ask('1', 'd'))?.renew()
  expect(renewed).not.toBe(first?.key)
  expect(await keyOf('2', 'd')).toBe(renewed)
})

it('knows whether a repeat has come by the time that a client would send one', async () => {
  // The pause alone: Redis is real, and answers while it lasts.
  vi.useFakeTimers({ toFake: ['setTimeout'] })
  const [left, joined] = [await ask('0', 'e'), await ask('0', 'f')]
  const coming = Promise.all([left?.comesAgain(), joined?.comesAgain()])
  await ask('1', 'f')
  vi.advanceTimersByTime(10_000)
  expect(await coming).toEqual([false, true])
})
