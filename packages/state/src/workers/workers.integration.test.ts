import { afterEach, beforeEach, expect, inject, test } from 'vitest'
import type { Announcement } from '../index.ts'
import { modelEntry, openTestState, submit, succeeded } from '../testing/state.ts'

let state: Awaited<ReturnType<typeof openTestState>>
beforeEach(async () => {
  state = await openTestState(inject('redisUrl'))
})
afterEach(() => state.close())

const announcement = (
  workerId: string,
  models: string[],
  workerState: Announcement['state'] = 'ready',
): Announcement => ({
  workerId,
  state: workerState,
  device: 'cpu',
  deviceMemory: null,
  models: models.map((id) => modelEntry(id)),
})
const available = async () =>
  (await state.workers.catalogue()).map(({ entry, available, workers }) => [entry.id, available, workers])

test('a model once announced stays known, and is available while somebody serves it', async () => {
  expect(await state.workers.catalogue()).toEqual([])
  await state.workers.announce(announcement('w1', ['b', 'a']))
  await state.workers.announce(announcement('w2', ['a'], 'busy'))
  expect(await available()).toEqual([
    ['a', true, 2],
    ['b', true, 1],
  ])
  await state.workers.announce(announcement('w1', ['a', 'b'], 'draining'))
  expect(await available()).toEqual([
    ['a', true, 1],
    ['b', false, 0],
  ])
  await state.workers.announce({ ...announcement('w2', []), models: [modelEntry('a', 'A new title')] })
  await state.workers.withdraw('w1')
  expect((await state.workers.list()).map(({ workerId }) => workerId)).toEqual(['w2'])
  expect((await state.workers.catalogue())[0]?.entry.title).toBe('A new title')
  // w2 died: its announcement runs out.
  await state.redis.zadd(`${state.prefix}workers:until`, Date.now() - 1, 'w2')
  expect(await state.workers.list()).toEqual([])
  expect(await available()).toEqual([
    ['a', false, 0],
    ['b', false, 0],
  ])
})

test('a model that lacks a part is shown with what to add, and nobody serves it', async () => {
  const missing = ['It has no VAE.']
  await state.workers.announce({
    ...announcement('w1', ['a']),
    models: [modelEntry('a'), { ...modelEntry('half'), missing }],
  })
  expect(await available()).toEqual([
    ['a', true, 1],
    ['half', false, 0],
  ])
  expect((await state.workers.catalogue())[1]?.entry.missing).toEqual(missing)
  expect(await state.redis.exists(`${state.prefix}serving:half`)).toBe(0)
  await state.workers.announce(announcement('w1', ['a', 'half']))
  expect(await available()).toEqual([
    ['a', true, 1],
    ['half', true, 1],
  ])
})

test('an entry that is no longer understood is left out', async () => {
  await state.workers.announce(announcement('w1', ['a']))
  await state.redis.hset(`${state.prefix}models`, 'old', '{"id":"old"}')
  expect(await available()).toEqual([['a', true, 1]])
})

test('estimates come from what finished jobs have shown, shared among the workers', async () => {
  const done = await submit(state)
  await state.jobs.start(done.id, 'w1')
  await new Promise((resolve) => setTimeout(resolve, 300))
  await state.jobs.finish(done.id, succeeded(1))
  const jobs = await Promise.all(Array.from({ length: 5 }, () => submit(state)))
  const last = jobs.toSorted((a, b) => a.createdAt - b.createdAt).at(-1)
  if (last === undefined) throw new Error('no job')
  await state.workers.announce(announcement('w1', ['still-life']))
  const alone = await state.jobs.standing(last)
  await state.workers.announce(announcement('w2', ['still-life']))
  const shared = await state.jobs.standing(last)
  expect(alone.queuePosition).toBe(shared.queuePosition)
  const place = alone.queuePosition ?? 0
  expect(place).toBeGreaterThanOrEqual(3)
  expect(alone.etaSeconds).toBeCloseTo(0.3 * (place + 1), 0)
  expect(shared.etaSeconds).toBeCloseTo(0.3 * (place / 2 + 1), 0)
  await state.jobs.start(last.id, 'w1')
  expect(await state.jobs.standing({ ...last, status: 'processing' })).toEqual({
    queuePosition: null,
    etaSeconds: null,
  })
})

test('a worker that has to come is counted in the estimate, once one had to; so is what one would need for the backlog', async () => {
  await state.workers.announce(announcement('w1', ['still-life']))
  const done = await submit(state)
  await state.jobs.start(done.id, 'w1')
  await new Promise((resolve) => setTimeout(resolve, 100))
  await state.jobs.finish(done.id, succeeded(1))
  await state.workers.withdraw('w1')

  const first = await submit(state)
  expect((await state.jobs.standing(first)).etaSeconds).toBeNull()
  await new Promise((resolve) => setTimeout(resolve, 1000))
  await state.workers.announce({ ...announcement('w2', ['still-life'], 'starting'), slots: 4 })
  // It is there, and takes no job yet.
  expect((await state.jobs.standing(first)).etaSeconds).toBeNull()
  await state.jobs.start(first.id, 'w2')
  await state.jobs.finish(first.id, succeeded(1))
  await state.workers.withdraw('w2')

  const [stats] = await Promise.all([state.redis.hgetall(`${state.prefix}stats:still-life`)])
  expect(Number(stats.cold)).toBeGreaterThanOrEqual(1000)
  const [own, coldSeconds] = [Number(stats.seconds), Number(stats.cold) / 1000]
  const second = await submit(state)
  expect((await state.jobs.standing(second)).etaSeconds).toBeCloseTo(coldSeconds + own, 0)
  const [depth] = await state.queue.depths(['still-life'])
  // Four slots, as of the last worker that was there.
  expect(depth).toMatchObject({ waiting: 1, running: 0, workers: 0 })
  expect(depth?.backlogSeconds).toBeCloseTo(own / 4)
  // Nobody waits any more: the next cold start begins with the next job.
  await state.jobs.requestCancel('default', second.id)
  expect(await state.redis.hget(`${state.prefix}stats:still-life`, 'cold_since')).toBeNull()
})
