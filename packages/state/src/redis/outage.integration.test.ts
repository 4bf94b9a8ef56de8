import { setTimeout as sleep } from 'node:timers/promises'
import { newJobId } from '@pentimento/contracts'
import { startTestRedis, type TestRedis } from '@pentimento/test-redis'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { EnqueueUnknown, type State, StateUnavailable } from '../index.ts'
import { openState } from '../open-state.ts'
import { created, openTestState, submit, succeeded, testRequest, until } from '../testing/state.ts'

let redis: TestRedis
beforeEach(async () => {
  redis = await startTestRedis()
})
afterEach(() => redis.close())

/** Milliseconds until `work` fails, which it must with `kind`. */
async function failsWith(kind: new (...args: never[]) => Error, work: () => Promise<unknown>): Promise<number> {
  const since = performance.now()
  await expect(work()).rejects.toThrow(kind)
  return performance.now() - since
}

const begin = (state: State) => state.jobs.begin({ id: newJobId(), request: testRequest() })

test('opening while Redis is down, unreachable or frozen fails in time', async () => {
  const open = () => openState({ redisUrl: redis.url, onError: () => undefined })
  redis.freeze()
  expect(await failsWith(StateUnavailable, open)).toBeLessThan(3500)
  redis.thaw()
  await redis.kill('SIGKILL')
  expect(await failsWith(StateUnavailable, open)).toBeLessThan(3000)
  await expect(open()).rejects.toThrow('no Redis can be reached under REDIS_URL: connect ECONNREFUSED 127.0.0.1')
})

test('opening with patience waits for a Redis that comes up later', async () => {
  await redis.kill('SIGKILL')
  const opening = openState({ redisUrl: redis.url, patienceMs: 20_000, onError: () => undefined })
  await sleep(1500)
  await redis.start()
  const state = await opening
  await state.ping()
  await state.close()
})

test('while Redis is down every call fails at once, and works again afterwards', async () => {
  const state = await openTestState(redis.url)
  const job = created(await begin(state))
  const unqueued = created(await begin(state))
  await state.jobs.enqueue(job.id)
  await redis.kill('SIGKILL')
  await until(async () =>
    state.ping().then(
      () => false,
      () => true,
    ),
  )
  const calls = [
    () => state.ping(),
    () => begin(state),
    () => state.jobs.enqueue(unqueued.id),
    () => state.jobs.get('default', job.id),
    () => state.jobs.wait('default', job.id, { timeoutMs: 5000 }),
    () => state.jobs.finish(job.id, succeeded(1)),
    () => state.jobs.requestCancel('default', job.id),
    () => state.workers.catalogue(),
    () => state.queue.depths(['still-life']),
  ]
  for (const call of calls) expect(await failsWith(StateUnavailable, call)).toBeLessThan(100)
  await redis.start()
  await until(async () =>
    state.ping().then(
      () => true,
      () => false,
    ),
  )
  expect(await state.jobs.get('default', job.id)).toMatchObject({ status: 'queued', accepted: true })
  expect(await state.jobs.enqueue(unqueued.id)).toMatchObject({ accepted: true })
  await state.close()
})

test('while Redis hangs every call fails within 3 s; an enqueue that was under way may have happened', async () => {
  const state = await openTestState(redis.url)
  const job = created(await begin(state))
  await submit(state)
  redis.freeze()
  expect(await failsWith(StateUnavailable, () => begin(state))).toBeLessThan(3000)
  redis.thaw()
  await until(async () =>
    state.ping().then(
      () => true,
      () => false,
    ),
  )
  await state.redis.ping()
  // The start tag is given, then Redis hangs.
  const real = state.jobs.enqueue(job.id)
  await until(() => true)
  redis.freeze()
  const outcome = await real.then(
    () => 'accepted',
    (error: unknown) => error,
  )
  redis.thaw()
  expect(outcome === 'accepted' || outcome instanceof StateUnavailable || outcome instanceof EnqueueUnknown).toBe(true)
  await until(async () =>
    state.ping().then(
      () => true,
      () => false,
    ),
  )
  expect(await state.jobs.enqueue(job.id)).toMatchObject({ accepted: true })
  expect(await state.queue.depths(['still-life'])).toMatchObject([{ waiting: 2 }])
  await state.close()
})

test('at maxmemory a submit is refused cleanly, while jobs can still end', async () => {
  const state = await openTestState(redis.url)
  const running = await submit(state)
  const unqueued = created(await begin(state))
  await state.jobs.start(running.id, 'w')
  await state.redis.config('SET', 'maxmemory', '1mb')
  const keys = await state.redis.dbsize()
  await failsWith(StateUnavailable, () => begin(state))
  await failsWith(StateUnavailable, () => state.jobs.enqueue(unqueued.id))
  expect(await state.redis.dbsize()).toBe(keys)
  expect(await state.jobs.finish(running.id, succeeded(1))).toBe(true)
  expect(await state.jobs.erase('default', running.id)).toEqual({ outcome: 'erased' })
  await state.jobs.abandon(unqueued.id)
  expect(await state.redis.exists(`${state.prefix}job:${unqueued.id}`)).toBe(0)
  await state.close()
})

test('a consumer outlives restarts of Redis, and no accepted job is lost', async () => {
  const state = await openTestState(redis.url)
  const consumer = await state.queue.consume({
    model: 'still-life',
    workerName: 'w',
    handler: async (item) => {
      const started = await state.jobs.start(item.id, 'w')
      await new Promise((resolve) => setTimeout(resolve, 20))
      if (started.outcome === 'started') await state.jobs.finish(item.id, succeeded(started.attempt))
      return 'done'
    },
  })
  const accepted: string[] = []
  for (let i = 0; i < 60; i++) {
    if (i === 20) await redis.kill('SIGKILL')
    if (i === 30) await redis.start()
    try {
      accepted.push((await submit(state)).id)
    } catch (error) {
      expect(error).toBeInstanceOf(Error)
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
  expect(accepted.length).toBeGreaterThan(20)
  await until(async () =>
    state.ping().then(
      () => true,
      () => false,
    ),
  )
  for (const id of accepted) {
    await until(async () => {
      await state.jobs.sweep.lost()
      const found = await state.jobs.wait('default', id, { timeoutMs: 1000 }).catch(() => null)
      return found !== null && 'status' in found && found.status === 'succeeded'
    }, 20_000)
  }
  await consumer.drain()
  await state.close()
})

test('everything can be closed while Redis is down or hangs', async () => {
  for (const fault of ['down', 'frozen'] as const) {
    const state = await openTestState(redis.url, fault)
    const running = Promise.withResolvers<void>()
    const consumer = await state.queue.consume({
      model: 'still-life',
      workerName: 'w',
      handler: async (_, signal) => {
        running.resolve()
        await new Promise((resolve) => signal.addEventListener('abort', resolve))
        return 'give-back'
      },
    })
    await submit(state)
    await running.promise
    if (fault === 'down') await redis.kill('SIGKILL')
    else redis.freeze()
    const since = performance.now()
    await consumer.shutdown()
    await state.close()
    expect(performance.now() - since).toBeLessThan(8000)
    if (fault === 'down') await redis.start()
    else redis.thaw()
  }
})
