import { newJobId } from '@pentimento/contracts'
import { afterEach, beforeEach, expect, inject, test } from 'vitest'
import { type Begun, EnqueueUnknown, type JobRecord, StateUnavailable } from '../index.ts'
import { connectFailFast } from '../redis/connection.ts'
import { createFailover } from '../redis/failover.ts'
import { reachOf } from '../redis/reach.ts'
import { noReplication } from '../redis/replication.ts'
import { createStore, type Store } from '../redis/store.ts'
import { created, newNamespace, openTestState, submit, succeeded, testRequest } from '../testing/state.ts'
import { createQueueCapacity } from '../work-items/queue-capacity.ts'
import { createWorkQueues } from '../work-items/work-queues.ts'
import { submitJobs } from './submit.ts'

let namespace: string
let state: Awaited<ReturnType<typeof openTestState>>
beforeEach(async () => {
  namespace = newNamespace()
  state = await openTestState(inject('redisUrl'), namespace)
})
afterEach(() => state.close())

function begin(key: string, fingerprint = 'f', overrides: Parameters<typeof testRequest>[0] = {}): Promise<Begun> {
  return state.jobs.begin({ id: newJobId(), request: testRequest(overrides), idempotency: { key, fingerprint } })
}

/** Lets the lease of a pending job run out. */
async function endLease(id: string): Promise<void> {
  await state.redis.zadd(`${state.prefix}pending`, 'XX', Date.now() - 60_000, id)
}

test('a key that is repeated after acceptance gives the same job', async () => {
  const job = created(await begin('k'))
  await state.jobs.enqueue(job.id)
  expect(await begin('k')).toMatchObject({ outcome: 'replayed', job: { id: job.id, status: 'queued' } })
  expect(await begin('k', 'other')).toEqual({ outcome: 'mismatch' })
  expect(await begin('k', 'f', { tenant: 'other' })).toMatchObject({ outcome: 'created' })
  await state.jobs.start(job.id, 'w')
  await state.jobs.finish(job.id, succeeded(1))
  expect(await begin('k')).toMatchObject({ outcome: 'replayed', job: { status: 'succeeded' } })
  await state.jobs.erase('default', job.id)
  expect(await begin('k')).toEqual({ outcome: 'gone', gone: 'deleted' })
})

test('a key that is being accepted is busy, until its lease has ended and the retry takes over the job', async () => {
  const job = created(await begin('k', 'f', { metadata: { first: true } }))
  expect(await begin('k')).toMatchObject({ outcome: 'busy', retryAfterSeconds: 30 })
  expect(await begin('k', 'other')).toEqual({ outcome: 'mismatch' })
  await endLease(job.id)
  const resumed = await begin('k', 'f', { metadata: { first: false } })
  expect(resumed).toEqual({ outcome: 'resumed', id: job.id })
  expect(await begin('k')).toMatchObject({ outcome: 'busy' })
  expect(await state.jobs.enqueue(job.id)).toMatchObject({ id: job.id, request: { metadata: { first: true } } })
  await state.jobs.enqueue(job.id)
  expect(await begin('k')).toMatchObject({ outcome: 'replayed', job: { id: job.id } })
  expect(await state.queue.depths(['still-life'])).toMatchObject([{ waiting: 1 }])
})

test('a job whose work item arrived without anybody learning of it is accepted by the retry', async () => {
  const job = created(await begin('k'))
  await state.jobs.enqueue(job.id)
  await state.redis.hset(`${state.prefix}job:${job.id}`, 'accepted', '0')
  expect(await begin('k')).toMatchObject({ outcome: 'replayed', job: { id: job.id, accepted: true } })
})

test('a key is looked up without a new job', async () => {
  const find = (key: string, fingerprint = 'f') => state.jobs.find('default', { key, fingerprint })
  expect(await find('k')).toBeNull()
  const job = created(await begin('k'))
  expect(await find('k')).toBeNull()
  expect(await find('k', 'other')).toEqual({ outcome: 'mismatch' })
  await state.jobs.enqueue(job.id)
  expect(await find('k')).toMatchObject({ outcome: 'replayed', job: { id: job.id } })
  await state.jobs.erase('default', job.id)
  expect(await find('k')).toEqual({ outcome: 'gone', gone: 'deleted' })
})

/** The submit half of the state, whose scripts run through `wrap`. */
async function openSubmits(wrap: (run: Store['run']) => Store['run']) {
  const reach = reachOf({ redisUrl: inject('redisUrl'), namespace })
  const store = createStore(await connectFailFast(reach, () => {}, createFailover()), reach.hashTag, noReplication)
  const queues = createWorkQueues(store, () => {})
  const subscriptions = { onJob: () => () => {}, onControl: async () => () => {}, close() {} }
  const jobs = submitJobs({
    store: { ...store, run: wrap(store.run), runReplicated: wrap(store.run) },
    queues,
    subscriptions,
    capacity: createQueueCapacity(),
    onError: () => {},
  })
  const close = async () => {
    await queues.close()
    store.redis.disconnect()
  }
  return { jobs, close }
}

test('a submit sends its record to Redis once, and reads it back once', async () => {
  const metadata = { marked: 'a-record' }
  const told = (values: unknown) => JSON.stringify(values)?.split('a-record').length ?? 1
  let [sent, read] = [0, 0]
  const { jobs, close } = await openSubmits((run) => async (script, ...args) => {
    sent += told(args) - 1
    const answer = await run(script, ...args)
    read += told(answer) - 1
    return answer
  })
  const idempotency = { key: 'k', fingerprint: 'f' }
  expect(await jobs.find('default', idempotency)).toBeNull()
  const begun = await jobs.begin({ id: newJobId(), request: testRequest({ metadata }), idempotency })
  expect(await jobs.enqueue(created(begun).id)).toMatchObject({ accepted: true, request: { metadata } })
  expect({ sent, read }).toEqual({ sent: 1, read: 1 })
  expect(await jobs.find('default', idempotency)).toMatchObject({ outcome: 'replayed', job: { request: { metadata } } })
  expect({ sent, read }).toEqual({ sent: 1, read: 2 })
  await close()
})

test('an enqueue that fails after the work item was written is not known to have failed', async () => {
  const { jobs, close } = await openSubmits(
    (run) =>
      (script, ...args) =>
        script.name === 'pentimentoAccept' ? Promise.reject(new StateUnavailable('cut')) : run(script, ...args),
  )
  const job = created(await begin('k'))
  await expect(jobs.enqueue(job.id)).rejects.toThrow(EnqueueUnknown)
  expect(await begin('k')).toMatchObject({ outcome: 'replayed', job: { id: job.id } })
  await close()
})

test('many submits with one key at once make one job', async () => {
  const outcomes = await Promise.all(Array.from({ length: 30 }, () => begin('k')))
  expect(outcomes.filter(({ outcome }) => outcome === 'created')).toHaveLength(1)
  expect(outcomes.filter(({ outcome }) => outcome === 'busy')).toHaveLength(29)
})

test('an abandoned submit leaves nothing: neither record, nor key, nor quota', async () => {
  const admission = { dailyWork: 5, maxJobs: 1 }
  const request = testRequest()
  const first = created(
    await state.jobs.begin({ id: newJobId(), request, idempotency: { key: 'k', fingerprint: 'f' }, admission }),
  )
  expect(await state.jobs.abandon(first.id)).toBe(true)
  expect(await state.jobs.abandon(first.id)).toBe(true)
  const again = await state.jobs.begin({
    id: newJobId(),
    request,
    idempotency: { key: 'k', fingerprint: 'g' },
    admission,
  })
  expect(created(again).id).not.toBe(first.id)
  await state.jobs.enqueue(created(again).id)
  expect(await state.jobs.abandon(created(again).id)).toBe(false)
  expect(await state.jobs.get('default', created(again).id)).toMatchObject({ status: 'queued' })
})

test('limits refuse, with a time after which to try again', async () => {
  const attempt = (admission: object) => state.jobs.begin({ id: newJobId(), request: testRequest(), admission })
  await submit(state)
  expect(await attempt({ maxJobs: 1 })).toMatchObject({
    outcome: 'refused',
    reason: 'too_many_jobs',
    retryAfterSeconds: 5,
  })
  expect(await attempt({ maxQueued: 1 })).toMatchObject({ outcome: 'refused', reason: 'too_many_queued' })
  expect(await attempt({ maxQueueDepth: 1 })).toMatchObject({ outcome: 'refused', reason: 'queue_full' })
  const quota = await attempt({ dailyWork: 9.9 })
  expect(quota).toMatchObject({ outcome: 'refused', reason: 'quota_exceeded' })
  const midnight = 86_400 - ((Date.now() / 1000) % 86_400)
  expect(quota.outcome === 'refused' && Math.abs(quota.retryAfterSeconds - midnight)).toBeLessThan(3)
  expect(await attempt({ maxJobs: 2, maxQueued: 2, dailyWork: 10, maxQueueDepth: 2 })).toMatchObject({
    outcome: 'created',
  })
})

test('limits hold when many submits come at once', async () => {
  const submits = Array.from({ length: 50 }, () =>
    state.jobs.begin({ id: newJobId(), request: testRequest(), admission: { maxJobs: 7 } }),
  )
  const outcomes = (await Promise.all(submits)).map(({ outcome }) => outcome)
  expect(outcomes.filter((outcome) => outcome === 'created')).toHaveLength(7)
})

test('a request beyond the size of a record is refused before anything is written', async () => {
  const request = testRequest({ metadata: { filler: 'x'.repeat(20_000) } })
  await expect(state.jobs.begin({ id: newJobId(), request })).rejects.toThrow(RangeError)
})

test('the record of a job takes less than 24 kB in Redis, even the largest, and its work item less than 1 kB', async () => {
  const parameters = { ...testRequest().parameters, prompt: '漢'.repeat(2000), negative_prompt: '字'.repeat(2000) }
  const { id } = await submit(state, { parameters, metadata: { filler: 'x'.repeat(4000) } })
  await state.jobs.start(id, 'w')
  const image = succeeded(1).images[0]
  if (image === undefined) throw new Error('no image')
  await state.jobs.finish(id, {
    ...succeeded(1),
    images: Array.from({ length: 8 }, () => ({ ...image, sha256: 'a'.repeat(64) })),
  })
  // Every field is counted: an estimate from a few depends on which ones Redis happens to look at.
  const bytesOf = async (name: string) => (await state.redis.memory('USAGE', name, 'SAMPLES', 0)) ?? 0
  const own = await state.redis.keys(`${state.prefix}*${id}`)
  const [recordBytes, ...others] = (await Promise.all(own.map(bytesOf))).sort((a, b) => b - a)
  expect(recordBytes).toBeLessThan(24 * 1024)
  for (const bytes of others) expect(bytes).toBeLessThan(1024)
  const record = await state.jobs.get('default', id)
  expect((record as JobRecord).request.parameters.prompt).toHaveLength(2000)
})
