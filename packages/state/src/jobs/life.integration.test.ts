import { isFinal, job as jobSchema, newJobId, requestVersion } from '@pentimento/contracts'
import { afterEach, beforeEach, expect, inject, test } from 'vitest'
import { type HeldItem, type JobEvent, type JobRecord, StateUnavailable } from '../index.ts'
import { created, openTestState, submit, succeeded, testRequest, until } from '../testing/state.ts'
import { toJob } from './job-view.ts'

let state: Awaited<ReturnType<typeof openTestState>>
beforeEach(async () => {
  state = await openTestState(inject('redisUrl'))
})
afterEach(() => state.close())

async function current(id: string): Promise<JobRecord> {
  const found = await state.jobs.get('default', id)
  if (found === null || 'gone' in found) throw new Error(`job ${id} is gone`)
  return found
}

test('a job goes from submit to its result, through a consumer', async () => {
  const seen: HeldItem[] = []
  const consumer = await state.queue.consume({
    model: 'still-life',
    workerName: 'w1',
    handler: async (item) => {
      seen.push(item)
      const started = await state.jobs.start(item.id, 'w1')
      if (started.outcome !== 'started') return 'done'
      expect(started.job.status).toBe('processing')
      const go = await state.jobs.progress(item.id, started.attempt, {
        phase: 'denoising',
        step: 1,
        steps: 19,
        percent: 5,
      })
      expect(go).toEqual({ stop: null, previewEvery: 0 })
      expect((await current(item.id)).progress).toMatchObject({ step: 1 })
      expect(await state.jobs.finish(item.id, succeeded(started.attempt))).toBe(true)
      return 'done'
    },
  })
  const accepted = await submit(state)
  expect(accepted).toMatchObject({ status: 'queued', accepted: true, attempt: 0, cost: (512 * 512 * 19) / 1e6 })
  const final = await state.jobs.wait('default', accepted.id, { timeoutMs: 5000 })
  expect(final).toMatchObject({ status: 'succeeded', attempt: 1, progress: null, result: succeeded(1) })
  expect(seen).toEqual([{ version: requestVersion, id: accepted.id, tenant: 'default', model: 'still-life', tag: 0 }])
  await consumer.drain()
  expect(await state.queue.depths(['still-life'])).toEqual([
    { model: 'still-life', waiting: 0, active: 0, running: 0, oldestWaitMs: 0, backlogSeconds: 0, workers: 0 },
  ])
  expect(state.errors).toEqual([])
})

test('the public job object of every status keeps to the contract', async () => {
  const waiting = await submit(state)
  const standing = await state.jobs.standing(waiting)
  expect(standing).toEqual({ queuePosition: 0, etaSeconds: null })
  const [publicUrl, signer] = ['http://127.0.0.1:8080', null]
  expect(jobSchema.parse(toJob(waiting, { publicUrl, signer, ...standing }))).toMatchObject({
    status: 'queued',
    queue_position: 0,
  })
  const started = await state.jobs.start(waiting.id, 'w1')
  if (started.outcome !== 'started') throw new Error('not started')
  expect(jobSchema.parse(toJob(started.job, { publicUrl, signer })).started_at).not.toBeNull()
  await state.jobs.finish(waiting.id, succeeded(1))
  const view = jobSchema.parse(toJob(await current(waiting.id), { publicUrl, signer }))
  expect(view.images[0]?.url).toBe(`${publicUrl}/v1/jobs/${waiting.id}/images/0`)
  expect(isFinal(view.status)).toBe(true)
})

test('only the first finish counts, and its repetition is recognised', async () => {
  const { id } = await submit(state)
  await state.jobs.start(id, 'w1')
  const second = await state.jobs.start(id, 'w2')
  expect(second).toMatchObject({ outcome: 'started', attempt: 2 })
  // The first worker was only slow.
  expect(await state.jobs.finish(id, { ...succeeded(1), status: 'failed' })).toBe(false)
  expect(await state.jobs.progress(id, 1, { phase: 'denoising', step: 1, steps: 2, percent: 50 })).toMatchObject({
    stop: 'superseded',
  })
  expect(await state.jobs.finish(id, succeeded(1))).toBe(true)
  expect(await state.jobs.finish(id, succeeded(1))).toBe(true)
  expect(await state.jobs.finish(id, succeeded(2))).toBe(false)
  expect(await current(id)).toMatchObject({ status: 'succeeded', result: { attempt: 1 } })
})

test('a job whose attempts crash twice has failed', async () => {
  const { id } = await submit(state)
  const error = { code: 'engine_crashed', message: 'The engine crashed.', retryable: true } as const
  await state.jobs.start(id, 'w1')
  expect(await state.jobs.crashed(id, 1, error)).toBe('retry')
  expect(await state.jobs.crashed(id, 1, error)).toBe('retry')
  expect(await current(id)).toMatchObject({ status: 'queued', crashes: 1 })
  await state.jobs.start(id, 'w2')
  expect(await state.jobs.crashed(id, 2, error)).toBe('failed')
  expect(await current(id)).toMatchObject({ status: 'failed', crashes: 2, result: { error } })
  expect(await state.jobs.start(id, 'w3')).toEqual({ outcome: 'final' })
})

test('what several jobs met together counts from a job that was alone', async () => {
  const { id } = await submit(state)
  const error = { code: 'engine_crashed', message: 'The engine crashed.', retryable: true } as const
  await state.jobs.start(id, 'w1', { shares: true })
  // Another worker is given the work item: the first was lost, with all that it ran.
  await state.jobs.start(id, 'w2', { shares: true })
  expect(await current(id)).toMatchObject({ status: 'processing', attempt: 2, crashes: 0, alone: true })
  expect(await state.jobs.crashed(id, 2, error, { alone: false })).toBe('retry')
  expect(await current(id)).toMatchObject({ status: 'queued', crashes: 1 })
  await state.jobs.start(id, 'w2')
  expect(await state.jobs.start(id, 'w3')).toEqual({ outcome: 'final' })
  expect(await current(id)).toMatchObject({ status: 'failed', crashes: 2 })
})

test('a job that is given back has used up nothing', async () => {
  const { id } = await submit(state)
  for (let attempt = 1; attempt <= 5; attempt++) {
    expect(await state.jobs.start(id, 'w1')).toMatchObject({ outcome: 'started', attempt })
    await state.jobs.release(id, attempt)
  }
  expect(await current(id)).toMatchObject({ status: 'queued', crashes: 0, attempt: 5 })
})

test('events wake a listener, and a job nobody was told of is not shown', async () => {
  const begun = created(await state.jobs.begin({ id: newJobId(), request: testRequest() }))
  expect(await state.jobs.get('default', begun.id)).toBeNull()
  const events: JobEvent[] = []
  const unsubscribe = state.events.subscribe(begun.id, (event) => events.push(event))
  await until(() => events.some(({ type }) => type === 'resync'))
  await state.jobs.enqueue(begun.id)
  await state.jobs.start(begun.id, 'w1')
  await state.events.requestPreviews(begun.id, 3)
  const progress = { phase: 'denoising', step: 3, steps: 19, percent: 15 } as const
  expect(await state.jobs.progress(begun.id, 1, progress)).toEqual({ stop: null, previewEvery: 3 })
  const image = new Uint8Array([1, 2, 3])
  expect(await state.events.publishPreview(begun.id, { index: 1, step: 3, image })).toBe(true)
  expect(await state.events.publishPreview(begun.id, { index: 0, step: 3, image: new Uint8Array(16 * 1024 + 1) })).toBe(
    false,
  )
  await state.jobs.finish(begun.id, succeeded(1))
  await until(() => events.length >= 6)
  unsubscribe()
  expect(events.slice(1)).toEqual([
    { type: 'status', id: begun.id, status: 'queued' },
    { type: 'status', id: begun.id, status: 'processing' },
    { type: 'progress', id: begun.id, progress },
    { type: 'preview', id: begun.id, index: 1, step: 3, image: Buffer.from(image) },
    { type: 'status', id: begun.id, status: 'succeeded' },
  ])
})

test('a job that an earlier version accepted is read as one of this', async () => {
  const { id, request } = await submit(state)
  const { inputs: _, ...rest } = request
  const earlier = {
    ...rest,
    version: 1,
    inputs: { image: 'image.png', mask: null },
    input_size: { bytes: 1000, image_pixels: 64, mask_pixels: 0 },
  }
  await state.redis.hset(`${state.prefix}job:${id}`, 'request', JSON.stringify(earlier))
  await state.redis.hset(
    `${state.prefix}queue:still-life:${id}`,
    'data',
    JSON.stringify({ version: 1, id, tenant: 'default', model: 'still-life' }),
  )
  const seen: HeldItem[] = []
  const consumer = await state.queue.consume({
    model: 'still-life',
    workerName: 'w',
    handler: async (item) => {
      seen.push(item)
      return 'done'
    },
  })
  await until(() => seen.length === 1)
  expect(await current(id)).toMatchObject({
    request: { version: requestVersion, inputs: [{ name: 'image', role: 'source', key: 'image.png' }] },
  })
  await consumer.drain()
})

test('another tenant sees nothing', async () => {
  const { id } = await submit(state)
  expect(await state.jobs.get('other', id)).toBeNull()
  expect(await state.jobs.requestCancel('other', id)).toEqual({ outcome: 'missing' })
  expect(await state.jobs.erase('other', id)).toEqual({ outcome: 'missing' })
  expect((await state.jobs.list('other', { limit: 10 })).jobs).toEqual([])
  expect(await current(id)).toMatchObject({ status: 'queued' })
})

test('a start that is repeated because its answer was lost is the same attempt', async () => {
  const { id } = await submit(state)
  const impatient = await openTestState(inject('redisUrl'), state.prefix.slice(1, -2), { commandTimeoutMs: 1000 })
  await state.redis.client('PAUSE', 1500, 'ALL')
  await expect(impatient.jobs.start(id, 'w1')).rejects.toThrow(StateUnavailable)
  await until(async () =>
    impatient.ping().then(
      () => true,
      () => false,
    ),
  )
  expect(await impatient.jobs.start(id, 'w1')).toMatchObject({ outcome: 'started', attempt: 1, job: { crashes: 0 } })
  await impatient.close()
})
