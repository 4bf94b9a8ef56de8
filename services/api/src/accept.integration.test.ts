import { encode } from '@pentimento/images'
import { type Begun, EnqueueUnknown, type JobRecord, StateUnavailable } from '@pentimento/state'
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest'
import { startConsumer } from './testing/consumer.ts'
import { type Fields, formOf, request, startService, type TestService } from './testing/service.ts'

let service: TestService
let picture: Buffer

function submit(fields: Fields, headers: Record<string, string> = {}) {
  return request(`${service.url}/v1/img2img`, { method: 'POST', body: formOf(fields), headers })
}

beforeAll(async () => {
  service = await startService(inject('redisUrl'))
  const data = new Uint8Array(64 * 64 * 3).fill(90)
  picture = await encode({ width: 64, height: 64, data }, { format: 'png', quality: 90, metadata: null })
})

afterAll(() => service.close())

describe('Idempotency-Key', () => {
  it('gives the same job again, refuses another request, and tells a replay', async () => {
    const fields = { prompt: 'once', image: picture }
    const first = await submit(fields, { 'idempotency-key': 'k1' })
    const again = await submit(fields, { 'idempotency-key': '"k1"' })
    expect([again.status, again.body.id]).toEqual([202, first.body.id])
    expect(first.headers.get('idempotent-replayed')).toBeNull()
    expect(again.headers.get('idempotent-replayed')).toBe('true')
    const other = await submit({ ...fields, prompt: 'twice' }, { 'idempotency-key': 'k1' })
    expect(other.body).toMatchObject({ status: 422, code: 'idempotency_mismatch' })
  })

  it('makes one job of many requests at the same moment', async () => {
    const fields = { prompt: 'crowd', image: picture }
    const answers = await Promise.all(Array.from({ length: 12 }, () => submit(fields, { 'idempotency-key': 'k2' })))
    const accepted = answers.filter(({ status }) => status === 202)
    expect(new Set(accepted.map(({ body }) => body.id)).size).toBe(1)
    for (const { status, body } of answers) if (status !== 202) expect(body.code).toBe('idempotency_in_progress')
  })

  it('gives the job again although its source is gone by now', async () => {
    const consumer = await startConsumer(service)
    const source = await submit({ prompt: 'p', image: picture, width: 64, height: 64, steps: 2 }, { prefer: 'wait=20' })
    const fields = { prompt: 'next', image_job: source.body.id, steps: 2 }
    const headers = { 'idempotency-key': 'gone-source', prefer: 'wait=20' }
    const first = await submit(fields, headers)
    expect(first.body.status).toBe('succeeded')
    await consumer.shutdown()
    await request(`${service.url}/v1/jobs/${source.body.id}`, { method: 'DELETE' })
    const again = await submit(fields, headers)
    expect([again.status, again.body.id]).toEqual([200, first.body.id])
    expect(again.headers.get('idempotent-replayed')).toBe('true')
    await request(`${service.url}/v1/jobs/${first.body.id}`, { method: 'DELETE' })
    expect((await submit(fields, headers)).body).toMatchObject({ status: 410, code: 'deleted' })
  })

  it('tells a replay also where the first request is accepted only after the second was looked for', async () => {
    const [fields, headers] = [{ prompt: 'close', image: picture }, { 'idempotency-key': 'close' }]
    const first = await submit(fields, headers)
    const find = vi.spyOn(service.state.jobs, 'find').mockResolvedValueOnce(null)
    const again = await submit(fields, headers)
    find.mockRestore()
    expect([again.status, again.body.id]).toEqual([202, first.body.id])
    expect(again.headers.get('idempotent-replayed')).toBe('true')
  })

  it('keeps a job of which nobody knows whether it was queued: its repeat finds it', async () => {
    const { jobs } = service.state
    let id = ''
    const enqueue = vi.spyOn(jobs, 'enqueue').mockImplementationOnce((begun) => {
      id = begun
      return Promise.reject(new EnqueueUnknown())
    })
    const [fields, headers] = [{ prompt: 'lost', image: picture }, { 'idempotency-key': 'lost' }]
    expect((await submit(fields, headers)).body).toMatchObject({ status: 503, code: 'enqueue_unknown' })
    enqueue.mockRestore()
    await jobs.enqueue(id)
    const again = await submit(fields, headers)
    expect([again.status, again.body.id]).toEqual([202, id])
  })

  it('leaves no record of a refused request', async () => {
    const headers = { 'idempotency-key': 'k3' }
    expect((await submit({ prompt: 'p', image: picture, steps: 0 }, headers)).status).toBe(422)
    expect((await submit({ prompt: 'p', image: picture, steps: 5 }, headers)).status).toBe(202)
  })
})

describe('what the state says of a submit that it does not begin', () => {
  it.each<[Exclude<Begun, { outcome: 'created' | 'resumed' | 'replayed' }>, number, string, string | null, string]>([
    [{ outcome: 'busy', retryAfterSeconds: 7 }, 409, 'idempotency_in_progress', '7', 'try again shortly'],
    [{ outcome: 'mismatch' }, 422, 'idempotency_mismatch', null, 'use a new Idempotency-Key for a new request'],
    [{ outcome: 'gone', gone: 'expired' }, 410, 'expired', null, 'the job of this Idempotency-Key is gone'],
    [{ outcome: 'refused', reason: 'queue_full', retryAfterSeconds: 8 }, 503, 'queue_full', '8', 'try again later'],
    [{ outcome: 'refused', reason: 'storage_quota', retryAfterSeconds: 9 }, 429, 'storage_quota', '9', 'delete some'],
    [{ outcome: 'refused', reason: 'quota_exceeded', retryAfterSeconds: 10 }, 429, 'quota_exceeded', '10', 'today'],
    [{ outcome: 'refused', reason: 'too_many_queued', retryAfterSeconds: 11 }, 429, 'too_many_jobs', '11', 'jobs wait'],
    [{ outcome: 'refused', reason: 'too_many_jobs', retryAfterSeconds: 12 }, 429, 'too_many_jobs', '12', 'under way'],
  ])('%j', async (begun, status, code, retryAfter, detail) => {
    const begin = vi.spyOn(service.state.jobs, 'begin').mockResolvedValueOnce(begun)
    const put = vi.spyOn(service.store, 'put')
    const answer = await submit({ prompt: 'p', image: picture })
    expect([answer.status, answer.body.code, answer.headers.get('retry-after')]).toEqual([status, code, retryAfter])
    expect(answer.body.detail).toContain(detail)
    expect(put).not.toHaveBeenCalled()
    for (const spy of [begin, put]) spy.mockRestore()
  })
})

describe('a job that is run', () => {
  it('is waited for, shows its pictures, and serves as the next input', async () => {
    const consumer = await startConsumer(service)
    const fields = { prompt: 'p', image: picture, width: 64, height: 64, num_images: 2, steps: 3, seed: 5 }
    const done = await submit(fields, { prefer: 'wait=20' })
    expect([done.status, done.body.status, done.headers.get('preference-applied')]).toEqual([
      200,
      'succeeded',
      'wait=20',
    ])
    expect(done.body.images.map(({ seed, index }) => [index, seed])).toEqual([
      [0, 5],
      [1, 6],
    ])
    const next = await submit({ prompt: 'p', image_job: `${done.body.id}/1`, steps: 2 }, { prefer: 'wait=20' })
    expect(next.body).toMatchObject({ status: 'succeeded', source: { job: done.body.id, index: 1 } })
    const made = await request<{ data: { id: string }[] }>(`${service.url}/v1/jobs?source=${done.body.id}`)
    expect(made.body.data.map(({ id }) => id)).toEqual([next.body.id])
    const again = await request(`${service.url}/v1/img2img`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...next.body.parameters, image_job: `${done.body.id}/1` }),
    })
    expect([again.status, again.body.parameters]).toEqual([202, next.body.parameters])
    const asked = await request(`${service.url}/v1/img2img?wait=20`, { method: 'POST', body: formOf(fields) })
    expect([asked.status, asked.body.status]).toEqual([200, 'succeeded'])
    const misspelt = await request(`${service.url}/v1/img2img?weight=20`, { method: 'POST', body: formOf(fields) })
    expect(misspelt.body).toMatchObject({ status: 422, code: 'invalid_fields' })
    const other = await submit({ prompt: 'p', image_job: `${done.body.id}/3` })
    expect(other.body).toMatchObject({ status: 422, code: 'source_unavailable' })
    await consumer.shutdown()
  })

  it('keeps its inputs when the request that a retry has taken over from fails late', async () => {
    const { jobs } = service.state
    const enqueue = vi.spyOn(jobs, 'enqueue')
    // Held up for so long that the retry has put the job into the queue by the time it fails.
    enqueue.mockImplementationOnce(async (id) => {
      enqueue.mockRestore()
      await jobs.enqueue(id)
      throw new Error('late')
    })
    const fields = { prompt: 'p', image: picture, width: 64, height: 64, steps: 2 }
    const headers = { 'idempotency-key': 'held-up' }
    expect((await submit(fields, headers)).status).toBe(500)
    const consumer = await startConsumer(service)
    const repeated = await submit(fields, { ...headers, prefer: 'wait=20' })
    expect(repeated.body).toMatchObject({ status: 'succeeded', error: null })
    await consumer.shutdown()
  })

  it('is accepted with 202 although Redis goes away before the answer', async () => {
    const { jobs } = service.state
    const away = () => Promise.reject(new StateUnavailable('cut'))
    const spies = [vi.spyOn(jobs, 'wait').mockImplementation(away), vi.spyOn(jobs, 'standing').mockImplementation(away)]
    const fields = { prompt: 'p', image: picture, width: 64, height: 64, steps: 2 }
    for (const headers of [{}, { prefer: 'wait=5' }]) {
      const { status, body } = await submit(fields, headers)
      expect([status, body.status, body.queue_position]).toEqual([202, 'queued', expect.any(Number)])
    }
    for (const spy of spies) spy.mockRestore()
  })

  it('is accepted with 202 although it has ended by the time of the answer', async () => {
    const consumer = await startConsumer(service)
    const { jobs } = service.state
    const enqueue = vi.spyOn(jobs, 'enqueue')
    // The api stumbles: between its enqueue and its answer the worker is done.
    enqueue.mockImplementationOnce(async (id) => {
      enqueue.mockRestore()
      const { tenant } = await jobs.enqueue(id)
      const ended = (await jobs.wait(tenant, id, { timeoutMs: 20_000 })) as JobRecord
      return { ...ended, standing: await jobs.standing(ended) }
    })
    const fields = { prompt: 'p', image: picture, width: 64, height: 64, steps: 2 }
    const headers = { 'idempotency-key': 'slow-api' }
    const first = await submit(fields, headers)
    expect([first.status, first.body.status]).toEqual([202, 'succeeded'])
    const repeated = await submit(fields, headers)
    expect([repeated.status, repeated.body.id]).toEqual([200, first.body.id])
    await consumer.shutdown()
  })
})
