import { encode } from '@pentimento/images'
import { keys } from '@pentimento/storage'
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest'
import { startConsumer } from './testing/consumer.ts'
import { type Fields, formOf, type JobOrProblem, request, startService, type TestService } from './testing/service.ts'

let service: TestService
let picture: Buffer

beforeAll(async () => {
  service = await startService(inject('redisUrl'))
  const data = new Uint8Array(64 * 64 * 3).fill(90)
  picture = await encode({ width: 64, height: 64, data }, { format: 'png', quality: 90, metadata: null })
})

afterAll(() => service.close())

async function submit(fields: Fields = {}, headers: Record<string, string> = {}): Promise<JobOrProblem> {
  const all = { prompt: 'p', image: picture, width: 64, height: 64, steps: 4, ...fields }
  return (await request(`${service.url}/v1/img2img`, { method: 'POST', body: formOf(all), headers })).body
}

const get = <T = JobOrProblem>(path: string, init: RequestInit = {}) => request<T>(`${service.url}${path}`, init)

/** Submits a job and runs it to its end. */
async function finished(fields: Fields = {}): Promise<JobOrProblem> {
  const consumer = await startConsumer(service)
  const job = await submit(fields, { prefer: 'wait=20' })
  await consumer.shutdown()
  expect(job.status).toBe('succeeded')
  return job
}

describe('GET /v1/jobs/{id}', () => {
  it('knows no job of another form or name', async () => {
    for (const id of ['job_aaaaaaaaaaaaaaaaaaaaaaaaaa', 'job_1', 'x', 'job_AAAAAAAAAAAAAAAAAAAAAAAAAA']) {
      expect((await get(`/v1/jobs/${id}`)).body).toMatchObject({ status: 404, code: 'not_found' })
    }
    expect((await get('/v1/jobs/job_aaaaaaaaaaaaaaaaaaaaaaaaaa?wait=61')).body.code).toBe('invalid_fields')
    expect((await get('/v1/jobs/job_aaaaaaaaaaaaaaaaaaaaaaaaaa?what=1')).body.errors).toEqual([
      { pointer: '/what', detail: 'there is no such field' },
    ])
  })

  it('waits for the end and not longer', async () => {
    const job = await submit()
    const start = performance.now()
    const early = await get(`/v1/jobs/${job.id}?wait=1`)
    expect(performance.now() - start).toBeGreaterThan(900)
    expect([early.status, early.body.status, early.body.queue_position]).toEqual([200, 'queued', 0])
    const waiting = get(`/v1/jobs/${job.id}?wait=30`)
    const consumer = await startConsumer(service)
    expect((await waiting).body.status).toBe('succeeded')
    expect(performance.now() - start).toBeLessThan(10_000)
    await consumer.shutdown()
  })
})

describe('GET /v1/jobs/{id}/images/{n}', () => {
  it('streams a picture with all that a cache and a browser need', async () => {
    const job = await finished({ num_images: 2 })
    const image = job.images[1]
    if (!image) throw new Error('no second image')
    expect(image.url).toBe(`http://pentimento.test/v1/jobs/${job.id}/images/1`)
    const path = `${service.url}/v1/jobs/${job.id}/images/1`
    const whole = await fetch(path)
    const bytes = Buffer.from(await whole.arrayBuffer())
    expect(bytes.length).toBe(image.bytes)
    expect(Object.fromEntries(whole.headers)).toMatchObject({
      'content-type': 'image/png',
      'content-length': String(image.bytes),
      'content-disposition': `inline; filename="${job.id}-1.png"`,
      'x-content-type-options': 'nosniff',
      'accept-ranges': 'bytes',
      etag: `"${image.sha256}"`,
    })
    const part = await fetch(path, { headers: { range: 'bytes=10-19' } })
    expect([part.status, part.headers.get('content-range')]).toEqual([206, `bytes 10-19/${image.bytes}`])
    expect(Buffer.from(await part.arrayBuffer()).equals(bytes.subarray(10, 20))).toBe(true)
    const tail = await fetch(path, { headers: { range: 'bytes=-8' } })
    expect(Buffer.from(await tail.arrayBuffer()).equals(bytes.subarray(-8))).toBe(true)
    const beyond = await get(`/v1/jobs/${job.id}/images/1`, { headers: { range: 'bytes=999999-' } })
    expect([beyond.body.code, beyond.headers.get('content-range')]).toEqual([
      'range_not_satisfiable',
      `bytes */${image.bytes}`,
    ])
    for (const name of ['etag', 'content-disposition', 'accept-ranges']) expect(beyond.headers.get(name)).toBeNull()
    for (const [tag, status] of [
      [`"${image.sha256}"`, 206],
      [`W/"${image.sha256}"`, 200],
      ['"another"', 200],
    ] as const) {
      const resumed = await fetch(path, { headers: { range: 'bytes=10-', 'if-range': tag } })
      expect([tag, resumed.status]).toEqual([tag, status])
      expect(Buffer.from(await resumed.arrayBuffer()).equals(bytes.subarray(status === 206 ? 10 : 0))).toBe(true)
    }
    const same = await fetch(path, { headers: { 'if-none-match': `"${image.sha256}"` } })
    expect([same.status, (await same.arrayBuffer()).byteLength]).toEqual([304, 0])
    expect(same.headers.get('etag')).toBe(`"${image.sha256}"`)
    const head = await fetch(path, { method: 'HEAD' })
    const described = ['content-length', 'content-type', 'content-disposition', 'etag', 'accept-ranges']
    expect(head.status).toBe(200)
    for (const name of described) expect([name, head.headers.get(name)]).toEqual([name, whole.headers.get(name)])
    const redirected = await fetch(`${path}?redirect=1`, { redirect: 'manual' })
    expect(redirected.status).toBe(200)
    await redirected.arrayBuffer()
  })

  it('says why there is none', async () => {
    const job = await submit({ deadline: 1 })
    expect((await get(`/v1/jobs/${job.id}/images/0`)).body).toMatchObject({ status: 409, code: 'not_ready' })
    await request(`${service.url}/v1/jobs/${job.id}/cancel`, { method: 'POST' })
    for (const n of ['0', '7', '99', 'x', '-1']) {
      expect((await get(`/v1/jobs/${job.id}/images/${n}`)).body).toMatchObject({ status: 404, code: 'not_found' })
    }
  })
})

describe('POST /v1/jobs/{id}/cancel', () => {
  const cancel = (id: string) => request(`${service.url}/v1/jobs/${id}/cancel`, { method: 'POST' })

  it('ends a waiting job at once, and says so again', async () => {
    const job = await submit()
    expect(await cancel(job.id)).toMatchObject({ status: 200, body: { status: 'canceled' } })
    expect(await cancel(job.id)).toMatchObject({ status: 200, body: { status: 'canceled' } })
  })

  it('takes no body, and minds no content type of an empty one', async () => {
    const { id } = await submit()
    const path = `${service.url}/v1/jobs/${id}/cancel`
    const types = ['application/json', 'application/x-www-form-urlencoded', 'text/plain']
    for (const type of types) {
      expect((await request(path, { method: 'POST', headers: { 'content-type': type } })).status, type).toBe(200)
    }
    const filled = await request(path, { method: 'POST', headers: { 'content-type': 'text/plain' }, body: 'now' })
    expect(filled.body).toMatchObject({ status: 415, code: 'unsupported_media_type' })
  })

  it('asks a running job to end', async () => {
    const consumer = await startConsumer(service, 100)
    const job = await submit({ steps: 100 })
    await expect.poll(async () => (await get(`/v1/jobs/${job.id}`)).body.status, { timeout: 5000 }).toBe('processing')
    const asked = await cancel(job.id)
    expect([asked.status, asked.body.status]).toEqual([202, 'processing'])
    expect(asked.body.cancel_requested_at).not.toBeNull()
    expect((await get(`/v1/jobs/${job.id}?wait=10`)).body.status).toBe('canceled')
    await consumer.shutdown()
  })

  it('refuses to change how a job ended, and shows it', async () => {
    const job = await finished()
    const { status, body } = await cancel(job.id)
    expect([status, body.code]).toEqual([409, 'already_final'])
    expect(body).toMatchObject({ job: { id: job.id, status: 'succeeded' } })
    expect((await cancel('job_aaaaaaaaaaaaaaaaaaaaaaaaaa')).body.code).toBe('not_found')
  })
})

describe('DELETE /v1/jobs/{id}', () => {
  it('erases inputs, results and the record', async () => {
    const job = await finished()
    const erase = () => request(`${service.url}/v1/jobs/${job.id}`, { method: 'DELETE' })
    const swept = vi.spyOn(service.state.jobs.sweep, 'swept')
    expect((await erase()).status).toBe(204)
    // An attempt may be running, and write again: the sweeper still has to look.
    expect(swept).not.toHaveBeenCalled()
    for await (const object of service.store.list(keys.jobPrefix('default', job.id)))
      throw new Error(`left: ${object.key}`)
    for (const path of ['', '/images/0', '/events']) {
      expect((await get(`/v1/jobs/${job.id}${path}`)).body).toMatchObject({ status: 410, code: 'deleted' })
    }
    expect((await erase()).body).toMatchObject({ status: 410, code: 'deleted' })
    const source = await submit({ image: undefined, image_job: job.id })
    expect(source).toMatchObject({ status: 422, code: 'source_unavailable' })
  })

  it('leaves a running job to the sweeper as well, whose attempt may still write', async () => {
    const { sweep } = service.state.jobs
    const swept = vi.spyOn(sweep, 'swept')
    const consumer = await startConsumer(service, 100)
    const job = await submit({ steps: 100 })
    await expect.poll(async () => (await get(`/v1/jobs/${job.id}`)).body.status, { timeout: 5000 }).toBe('processing')
    expect((await get(`/v1/jobs/${job.id}`, { method: 'DELETE' })).status).toBe(204)
    expect(swept).not.toHaveBeenCalled()
    swept.mockRestore()
    await consumer.shutdown()
  })
})

describe('GET /v1/jobs', () => {
  it('pages through jobs, the newest first, and filters', async () => {
    const other = await startService(inject('redisUrl'))
    const make = async (steps: number) => {
      const body = formOf({ prompt: 'p', image: picture, steps })
      return (await request(`${other.url}/v1/img2img`, { method: 'POST', body })).body.id
    }
    const ids: string[] = []
    for (let i = 1; i <= 5; i++) ids.unshift(await make(i))
    await request(`${other.url}/v1/jobs/${ids[0]}/cancel`, { method: 'POST' })
    type List = { data: JobOrProblem[]; next_cursor: string | null } & JobOrProblem
    const list = async (query: string) => (await request<List>(`${other.url}/v1/jobs?${query}`)).body
    const idsOf = ({ data }: List) => data.map(({ id }) => id)
    expect(idsOf(await list(''))).toEqual(ids)
    const first = await list('limit=2')
    expect(idsOf(first)).toEqual(ids.slice(0, 2))
    const second = await list(`limit=2&cursor=${first.next_cursor}`)
    const third = await list(`limit=2&cursor=${second.next_cursor}`)
    expect([idsOf(second), idsOf(third), third.next_cursor]).toEqual([ids.slice(2, 4), ids.slice(4), null])
    expect(idsOf(await list('status=canceled'))).toEqual(ids.slice(0, 1))
    expect(idsOf(await list('kind=inpaint'))).toEqual([])
    expect(idsOf(await list('since=2020-01-01T00:00:00Z'))).toHaveLength(5)
    for (const query of ['limit=0', 'limit=101', 'cursor=x', 'status=done', 'since=yesterday', 'page=2']) {
      expect((await list(query)).code, query).toBe('invalid_fields')
    }
    await other.close()
  })
})
