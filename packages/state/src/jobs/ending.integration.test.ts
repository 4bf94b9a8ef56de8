import { setTimeout as sleep } from 'node:timers/promises'
import { newJobId } from '@pentimento/contracts'
import { afterEach, beforeEach, expect, inject, test } from 'vitest'
import { created, openTestState, submit, succeeded, testRequest, until } from '../testing/state.ts'

let state: Awaited<ReturnType<typeof openTestState>>
beforeEach(async () => {
  state = await openTestState(inject('redisUrl'))
})
afterEach(() => state.close())

const progress = { phase: 'denoising', step: 1, steps: 19, percent: 5 } as const
const final = async (id: string) => state.jobs.get('default', id)

test('a waiting job is canceled at once, and costs its tenant nothing', async () => {
  const job = await submit(state)
  expect(await state.jobs.requestCancel('default', job.id)).toMatchObject({
    outcome: 'canceled',
    job: { status: 'canceled' },
  })
  expect(await state.jobs.requestCancel('default', job.id)).toMatchObject({ outcome: 'already_canceled' })
  expect(await state.jobs.start(job.id, 'w')).toEqual({ outcome: 'final' })
  expect(await state.redis.exists(`${state.prefix}queue:still-life:${job.id}`)).toBe(0)
  expect(await state.redis.get(`${state.prefix}usage:default:${Math.floor(Date.now() / 86_400_000)}`)).toBe('0')
})

test('a running job is told to stop; what it then reports counts', async () => {
  const job = await submit(state)
  await state.jobs.start(job.id, 'w')
  const requested = await state.jobs.requestCancel('default', job.id)
  expect(requested).toMatchObject({ outcome: 'requested', job: { status: 'processing' } })
  expect(requested.outcome === 'requested' && requested.job.cancelRequestedAt).toBeGreaterThan(0)
  expect(await state.jobs.progress(job.id, 1, progress)).toMatchObject({ stop: 'cancel' })
  expect(await state.jobs.finish(job.id, { ...succeeded(1), status: 'canceled', images: [] })).toBe(true)
  expect(await state.jobs.requestCancel('default', job.id)).toMatchObject({ outcome: 'already_canceled' })
  const other = await submit(state)
  await state.jobs.start(other.id, 'w')
  await state.jobs.finish(other.id, succeeded(1))
  expect(await state.jobs.requestCancel('default', other.id)).toMatchObject({
    outcome: 'already_final',
    job: { status: 'succeeded' },
  })
  expect(await state.jobs.requestCancel('default', newJobId())).toEqual({ outcome: 'missing' })
})

test('a canceled job does not start again after its worker was lost, crashed or drained', async () => {
  for (const end of ['lost', 'crash', 'release'] as const) {
    const { id } = await submit(state)
    await state.jobs.start(id, 'w')
    await state.jobs.requestCancel('default', id)
    if (end === 'lost') expect(await state.jobs.start(id, 'w2')).toEqual({ outcome: 'canceled' })
    if (end === 'crash')
      expect(await state.jobs.crashed(id, 1, { code: 'engine_crashed', message: '', retryable: true })).toBe(
        'superseded',
      )
    if (end === 'release') await state.jobs.release(id, 1)
    expect(await final(id)).toMatchObject({ status: 'canceled', crashes: 0 })
  }
})

test('a deleted job is gone for a day, its running attempt is told, its objects are to be deleted', async () => {
  const { id } = await submit(state)
  await state.jobs.start(id, 'w')
  expect(await state.jobs.erase('default', id)).toEqual({ outcome: 'erased' })
  expect(await final(id)).toEqual({ gone: 'deleted' })
  expect(await state.jobs.get('other', id)).toBeNull()
  expect(await state.jobs.erase('default', id)).toEqual({ outcome: 'gone', gone: 'deleted' })
  expect(await state.jobs.progress(id, 1, progress)).toEqual({ stop: 'superseded', previewEvery: 0 })
  expect(await state.jobs.finish(id, succeeded(1))).toBe(false)
  expect(await state.jobs.start(id, 'w')).toEqual({ outcome: 'final' })
  expect((await state.jobs.list('default', { limit: 10 })).jobs).toEqual([])
  const left = await state.redis.keys(`${state.prefix}*${id}*`)
  expect(left).toEqual([`${state.prefix}gone:${id}`])
  const life = await state.redis.pttl(`${state.prefix}gone:${id}`)
  expect(life / 3_600_000).toBeCloseTo(24, 1)
  // A running attempt may write for a while: the objects come up later.
  const due = Number(await state.redis.zscore(`${state.prefix}erasures`, `${id}default`))
  expect(due - Date.now()).toBeGreaterThan(20 * 60_000)
  await state.redis.zadd(`${state.prefix}erasures`, Date.now() - 1, `${id}default`)
  expect(await state.jobs.sweep.erasures()).toEqual([{ id, tenant: 'default' }])
  expect(await state.jobs.sweep.erasures()).toEqual([])
  await state.jobs.sweep.swept({ id, tenant: 'default' })
  expect(await state.redis.zcard(`${state.prefix}erasures`)).toBe(0)
})

test('a job that has not started by its deadline expires, with no worker alive', async () => {
  const late = await submit(state, { deadline: 1 })
  const running = await submit(state, { deadline: 1 })
  await state.jobs.start(running.id, 'w')
  expect(await state.jobs.sweep.deadlines()).toEqual([])
  await sleep(1050)
  expect(await state.jobs.sweep.deadlines()).toEqual([late.id])
  expect(await final(late.id)).toMatchObject({ status: 'expired', startedAt: null })
  expect(await final(running.id)).toMatchObject({ status: 'processing' })
})

test('a job that is fetched after its deadline does not start', async () => {
  const { id } = await submit(state, { deadline: 1 })
  await sleep(1050)
  expect(await state.jobs.start(id, 'w')).toEqual({ outcome: 'final' })
  expect(await final(id)).toMatchObject({ status: 'expired' })
})

test('a result is told for expires_in, then it is gone', async () => {
  const { id } = await submit(state, { expires_in: 1 })
  await state.jobs.start(id, 'w')
  await state.jobs.finish(id, succeeded(1))
  expect(await final(id)).toMatchObject({ status: 'succeeded' })
  expect(await state.jobs.sweep.expired()).toEqual([])
  await sleep(1050)
  expect(await final(id)).toEqual({ gone: 'expired' })
  expect((await state.jobs.list('default', { limit: 10 })).jobs).toEqual([])
  expect(await state.jobs.sweep.expired()).toEqual([id])
  expect(await final(id)).toEqual({ gone: 'expired' })
  expect((await state.redis.pttl(`${state.prefix}gone:${id}`)) / 86_400_000).toBeCloseTo(7, 1)
})

test('a pending job that never came is dropped with its key; one that came is accepted', async () => {
  const idempotency = { key: 'k', fingerprint: 'f' }
  const lost = created(await state.jobs.begin({ id: newJobId(), request: testRequest(), idempotency }))
  const came = created(await state.jobs.begin({ id: newJobId(), request: testRequest() }))
  await state.jobs.enqueue(came.id)
  await state.redis.hset(`${state.prefix}job:${came.id}`, 'accepted', '0')
  expect(await state.jobs.sweep.pending()).toEqual([])
  for (const { id } of [lost, came]) await state.redis.zadd(`${state.prefix}pending`, Date.now() - 60_000, id)
  expect(await state.jobs.sweep.pending()).toEqual([lost.id])
  expect(await state.jobs.get('default', came.id)).toMatchObject({ accepted: true })
  // An upload may still land: the objects come up later.
  expect(await state.jobs.sweep.erasures()).toEqual([])
  await state.redis.zincrby(`${state.prefix}erasures`, -30_000, `${lost.id}default`)
  expect(await state.jobs.sweep.erasures()).toEqual([{ id: lost.id, tenant: 'default' }])
  expect(await state.jobs.begin({ id: newJobId(), request: testRequest(), idempotency })).toMatchObject({
    outcome: 'created',
  })
})

test('a job without its work item is queued again', async () => {
  const { id } = await submit(state)
  await state.redis.del(`${state.prefix}queue:still-life:${id}`, `${state.prefix}queue:still-life:prioritized`)
  expect(await state.jobs.sweep.lost()).toEqual([])
  await state.redis.zadd(`${state.prefix}live`, 0, id)
  expect(await state.jobs.sweep.lost()).toEqual([id])
  const consumer = await state.queue.consume({
    model: 'still-life',
    workerName: 'w',
    handler: async (item) => {
      await state.jobs.start(item.id, 'w')
      await state.jobs.finish(item.id, succeeded(1))
      return 'done'
    },
  })
  await until(async () => ((await final(id)) as { status?: string }).status === 'succeeded')
  await consumer.drain()
})

test('an attempt whose worker vanished waits again, though no other worker is there', async () => {
  const { id } = await submit(state)
  await state.jobs.start(id, 'w')
  await state.redis.zadd(`${state.prefix}live`, 0, id)
  // Nothing holds the work item's lock.
  expect(await state.jobs.sweep.lost()).toEqual([id])
  expect(await final(id)).toMatchObject({ status: 'queued', crashes: 1 })
  await state.jobs.start(id, 'w')
  await state.redis.zadd(`${state.prefix}live`, 0, id)
  await state.jobs.sweep.lost()
  expect(await final(id)).toMatchObject({ status: 'failed', result: { error: { code: 'engine_crashed' } } })
})
