import { setTimeout as sleep } from 'node:timers/promises'
import { Queue } from 'bullmq'
import { afterEach, beforeEach, expect, inject, test } from 'vitest'
import type { Handler, JobRecord } from '../index.ts'
import { newNamespace, openTestState, submit, succeeded, until } from '../testing/state.ts'

let namespace: string
let state: Awaited<ReturnType<typeof openTestState>>
beforeEach(async () => {
  namespace = newNamespace()
  state = await openTestState(inject('redisUrl'), namespace)
})
afterEach(() => state.close())

async function current(id: string): Promise<JobRecord> {
  const found = await state.jobs.get('default', id)
  if (found === null || 'gone' in found) throw new Error(`job ${id} is gone`)
  return found
}

const aborted = (signal: AbortSignal) =>
  new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))

const run: Handler = async (item) => {
  const started = await state.jobs.start(item.id, 'w')
  if (started.outcome === 'started') await state.jobs.finish(item.id, succeeded(started.attempt))
  return 'done'
}

test('shutdown gives jobs back, running and prepared, and another worker has them at once', async () => {
  const reasons: unknown[] = []
  const first = await state.queue.consume({
    model: 'still-life',
    workerName: 'w1',
    handler: async (item, signal) => {
      const isFirst = reasons.length === 0 && item.id === running.id
      const started = isFirst ? await state.jobs.start(item.id, 'w1') : null
      await aborted(signal)
      reasons.push(signal.reason)
      if (started?.outcome === 'started') await state.jobs.release(item.id, started.attempt)
      return 'give-back'
    },
  })
  const running = await submit(state)
  await until(async () => (await current(running.id)).status === 'processing')
  const prepared = await submit(state)
  await until(async () => (await state.queue.depths(['still-life']))[0]?.active === 2)
  const second = await state.queue.consume({ model: 'still-life', workerName: 'w2', handler: run })
  const since = performance.now()
  await first.shutdown()
  expect(performance.now() - since).toBeLessThan(1000)
  expect(reasons).toEqual(['shutdown', 'shutdown'])
  for (const { id } of [running, prepared])
    expect(await state.jobs.wait('default', id, { timeoutMs: 3000 })).toMatchObject({ status: 'succeeded', crashes: 0 })
  expect(performance.now() - since).toBeLessThan(2000)
  await second.drain()
})

test('a cancel reaches the worker that runs or prepares the job', async () => {
  const reasons: unknown[] = []
  const consumer = await state.queue.consume({
    model: 'still-life',
    workerName: 'w',
    handler: async (item, signal) => {
      if (item.id === running.id) await state.jobs.start(item.id, 'w')
      await aborted(signal)
      reasons.push(signal.reason)
      if (item.id === running.id) await state.jobs.finish(item.id, { ...succeeded(1), status: 'canceled', images: [] })
      return 'done'
    },
  })
  const running = await submit(state)
  const prepared = await submit(state)
  await until(async () => (await state.queue.depths(['still-life']))[0]?.active === 2)
  await until(async () => (await current(running.id)).status === 'processing')
  expect(await state.jobs.requestCancel('default', prepared.id)).toMatchObject({ outcome: 'canceled' })
  expect(await state.jobs.requestCancel('default', running.id)).toMatchObject({ outcome: 'requested' })
  expect(await state.jobs.wait('default', running.id, { timeoutMs: 2000 })).toMatchObject({ status: 'canceled' })
  await until(() => reasons.length === 2)
  expect(reasons).toEqual(['cancel', 'cancel'])
  await consumer.drain()
})

test('an exception counts as a crash of the attempt, and is retried once', async () => {
  let calls = 0
  const consumer = await state.queue.consume({
    model: 'still-life',
    workerName: 'w',
    handler: async (item) => {
      calls++
      await state.jobs.start(item.id, 'w')
      throw new Error('broken')
    },
  })
  const { id } = await submit(state)
  expect(await state.jobs.wait('default', id, { timeoutMs: 10_000 })).toMatchObject({
    status: 'failed',
    crashes: 2,
    result: { error: { code: 'internal_error' } },
  })
  expect(calls).toBe(2)
  expect(state.errors.map(({ message }) => message)).toEqual(['broken', 'broken'])
  await consumer.drain()
  expect(await state.redis.keys(`${state.prefix}queue:still-life:job_*`)).toEqual([])
})

test('a job is known to the handler though its submit has not finished', async () => {
  const seen: unknown[] = []
  const consumer = await state.queue.consume({
    model: 'still-life',
    workerName: 'w',
    handler: async (item) => {
      seen.push(await state.jobs.get(item.tenant, item.id))
      return 'done'
    },
  })
  const { id } = await submit(state, { model: 'other' })
  // As between the work item and its acceptance.
  await state.redis.hset(
    `${state.prefix}job:${id}`,
    'accepted',
    '0',
    'model',
    'still-life',
    'queue',
    `${state.prefix}queue:still-life:`,
  )
  await new Queue('still-life', { connection: state.redis, prefix: `${state.prefix}queue` }).add(
    'job',
    { version: 1, id, tenant: 'default', model: 'still-life' },
    { jobId: id, removeOnComplete: true },
  )
  await until(() => seen.length === 1)
  expect(seen).toMatchObject([{ id, accepted: true, status: 'queued' }])
  await consumer.drain()
})

test('jobs that are taken the moment they are queued all end', async () => {
  const lookUpFirst: Handler = async (item, signal) => {
    const found = await state.jobs.get(item.tenant, item.id)
    return found === null ? 'done' : run(item, signal)
  }
  const consumer = await state.queue.consume({ model: 'still-life', workerName: 'w', handler: lookUpFirst, hold: 8 })
  for (let round = 0; round < 20; round++) {
    const jobs = await Promise.all(Array.from({ length: 10 }, () => submit(state)))
    for (const { id } of jobs)
      expect(await state.jobs.wait('default', id, { timeoutMs: 3000 })).toMatchObject({ status: 'succeeded' })
  }
  await consumer.drain()
})

test('an item of a newer version is left to those who know it', async () => {
  const { id } = await submit(state)
  await state.redis.hset(`${state.prefix}queue:still-life:${id}`, 'data', JSON.stringify({ version: 3, id }))
  let calls = 0
  const consumer = await state.queue.consume({
    model: 'still-life',
    workerName: 'w',
    handler: async () => {
      calls++
      return 'done'
    },
  })
  await until(async () => (await state.redis.zcard(`${state.prefix}queue:still-life:delayed`)) === 1)
  await consumer.shutdown()
  expect(calls).toBe(0)
  expect(await current(id)).toMatchObject({ status: 'queued' })
})

test('holding more items while one runs fetches at once', async () => {
  const held: string[] = []
  const release = Promise.withResolvers<void>()
  const consumer = await state.queue.consume({
    model: 'still-life',
    workerName: 'w',
    hold: 1,
    handler: async (item) => {
      held.push(item.id)
      await release.promise
      return run(item, new AbortController().signal)
    },
  })
  await submit(state)
  await submit(state)
  await until(() => held.length === 1)
  await sleep(100)
  expect(held).toHaveLength(1)
  await consumer.hold(2)
  await until(() => held.length === 2, 1000)
  release.resolve()
  await consumer.drain()
})
