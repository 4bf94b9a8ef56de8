import type { WeightFile } from '@pentimento/checkpoints'
import { expect, test } from 'vitest'
import type { RowSession } from './graph.ts'
import { shareSessions } from './share-sessions.ts'

const options = { executionProviders: ['cpu'] }
const file: WeightFile = { path: '/a', size: 1, modified: 2 }
const vae = Uint8Array.of(1, 2, 3)

/** What opens sessions, and counts them. */
function counted() {
  const count = { opened: 0, released: 0 }
  const open = async () => {
    count.opened++
    return { release: async () => void count.released++ } as unknown as RowSession
  }
  return { count, openShared: shareSessions(open) }
}

test('one session for the same graph over the same files, released once with its last user', async () => {
  const { count, openShared } = counted()
  const [first, second] = await Promise.all([
    openShared(vae, options, [file]),
    openShared(vae.slice(), options, [file]),
  ])
  expect(count.opened).toBe(1)
  await first.release()
  await first.release()
  expect(count.released).toBe(0)
  const third = await openShared(vae, options, [{ ...file }])
  expect(count.opened).toBe(1)
  await second.release()
  expect(count.released).toBe(0)
  await third.release()
  expect(count).toEqual({ opened: 1, released: 1 })
  await (await openShared(vae, options, [file])).release()
  expect(count).toEqual({ opened: 2, released: 2 })
})

test('another session for another graph, other options, another or a changed file', async () => {
  const { count, openShared } = counted()
  await openShared(vae, options, [file])
  await openShared(Uint8Array.of(1, 2), options, [file])
  await openShared(vae, { ...options, keepMemory: false }, [file])
  await openShared(vae, options, [{ ...file, path: '/b' }])
  await openShared(vae, options, [{ ...file, size: 2 }])
  await openShared(vae, options, [{ ...file, modified: 3 }])
  expect(count.opened).toBe(6)
})

test('what could not be opened is tried again', async () => {
  let tries = 0
  const openShared = shareSessions(() => Promise.reject(new Error(`try ${++tries}`)))
  const both = [openShared(vae, options, []), openShared(vae, options, [])]
  expect((await Promise.allSettled(both)).map((one) => (one as PromiseRejectedResult).reason.message)).toEqual([
    'try 1',
    'try 1',
  ])
  await expect(openShared(vae, options, [])).rejects.toThrow('try 2')
})
