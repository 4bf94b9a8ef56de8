import { createClient } from '@pentimento/client'
import type { Job } from '@pentimento/contracts'
import { encode } from '@pentimento/images'
import type { Consumer, NewKey } from '@pentimento/state'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { startConsumer } from './testing/consumer.ts'
import { readEvents } from './testing/read-events.ts'
import { routesOf } from './testing/routes.ts'
import { type Fields, formOf, request, startService, type TestService } from './testing/service.ts'

const origin = 'https://app.example'
let service: TestService
let consumer: Consumer
let image: Buffer
let token: string
let job: Job

beforeAll(async () => {
  service = await startService(inject('redisUrl'), { auth: 'keys', corsOrigins: [origin] })
  consumer = await startConsumer(service)
  const data = new Uint8Array(64 * 64 * 3).fill(90)
  image = await encode({ width: 64, height: 64, data }, { format: 'png', quality: 90, metadata: null })
  token = (await makeKey()).token
  job = await painted(token)
})
afterAll(async () => {
  await consumer.shutdown()
  await service.close()
})

const makeKey = (key: Partial<NewKey> = {}) =>
  service.state.tenants.createKey({ tenant: 'a', scopes: ['submit', 'read'], ...key })
/** Where the service listens, as its URLs are made for another address. */
const here = (url: string) => url.replace('http://pentimento.test', service.url)
const open = (url: string, init: RequestInit = {}) => fetch(here(url), init)
const statusOf = async (url: string, init: RequestInit = {}) => {
  const answer = await open(url, init)
  await answer.body?.cancel()
  return answer.status
}
const withKey = (key: string) => ({ headers: { authorization: `Bearer ${key}` } })

async function submit(key: string, fields: Fields = {}, to = service): Promise<Job> {
  const body = formOf({ prompt: 'p', image, width: 64, height: 64, steps: 2, num_images: 2, ...fields })
  const answer = await request<Job>(`${to.url}/v1/img2img`, { method: 'POST', body, ...withKey(key) })
  expect(answer.status, JSON.stringify(answer.body)).toBe(202)
  return answer.body
}

async function painted(key: string): Promise<Job> {
  const { id } = await submit(key)
  return (await request<Job>(`${service.url}/v1/jobs/${id}?wait=20`, withKey(key))).body
}

it('lets pictures and events be read without a key, in parts too, by pages of other origins, and says no referrer', async () => {
  expect(Date.parse(job.signed_until ?? '') - Date.now()).toBeGreaterThan(2_690_000)
  for (const { url, signed_url, bytes } of job.images) {
    expect(await statusOf(url)).toBe(401)
    const answer = await open(signed_url, { headers: { origin } })
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'image/png',
      'referrer-policy': 'no-referrer',
      'access-control-allow-origin': origin,
    })
    expect((await answer.arrayBuffer()).byteLength).toBe(bytes)
    expect(await statusOf(signed_url, { method: 'HEAD' })).toBe(200)
    expect(await statusOf(signed_url, { headers: { range: 'bytes=0-7' } })).toBe(206)
  }
  const events = await open(`${job.urls.events_signed}&previews=1`, { headers: { origin } })
  expect(events.headers.get('access-control-allow-origin')).toBe(origin)
  expect(await readEvents(events)).toMatchObject([{ event: 'job', data: { id: job.id, status: 'succeeded' } }])
})

it('stays the same while it is asked for again, wherever the job is shown', async () => {
  const { body } = await request<Job>(`${service.url}/v1/jobs/${job.id}`, withKey(token))
  const page = await request<{ data: Job[] }>(`${service.url}/v1/jobs`, withKey(token))
  const canceled = await request<{ job: Job }>(`${service.url}/v1/jobs/${job.id}/cancel`, {
    method: 'POST',
    ...withKey(token),
  })
  expect(canceled.status).toBe(409)
  for (const shown of [body, page.body.data.find(({ id }) => id === job.id), canceled.body.job])
    expect(shown?.images).toEqual(job.images)
})

it('opens one path, however another is written', async () => {
  const [first, second] = job.images.map(({ signed_url }) => new URL(here(signed_url)))
  const other = await submit(token)
  const query = first?.search ?? ''
  const root = `${service.url}/v1/jobs/${job.id}`
  const wrong = [
    `${root}/images/1${query}`,
    `${root}/images/00${query}`,
    `${root}/images/0${second?.search}`,
    `${root}/images/0${new URL(job.urls.events_signed).search}`,
    `${root}/images%2F0${query}`,
    `${root}/images/0/${query}`,
    `${root}//images/0${query}`,
    `${root}${query}`,
    `${root}/events${query}`,
    `${service.url}/v1/jobs/${other.id}/images/0${query}`,
    `${service.url}/replicate/v1/predictions/${job.id}/output/0${query}`,
    `${service.url}/v1/jobs${query}`,
    `${service.url}/v1/usage${query}`,
    `${root}/images/0${query}a`,
    `${root}/images/0${query}&token=x`,
    `${root}/images/0?token=${token}`,
  ]
  for (const url of wrong) expect([401, 404], url).toContain(await statusOf(url))
  // The same picture under another spelling of its path.
  const spelled = `${service.url}/v1/jobs/%6A${job.id.slice(1)}/images/0${query}`
  expect(await statusOf(spelled)).toBe(200)
})

it('is of its own tenant alone: a key of another signs nothing of it, nor does any key without read', async () => {
  const stranger = await makeKey({ tenant: 'b' })
  const path = `/v1/jobs/${job.id}/images/0`
  const forged = (await service.state.tenants.signer(stranger.key.id))?.sign(path)
  expect(await statusOf(`${service.url}${path}?token=${forged}`)).toBe(404)
  const minted = await request(`${service.url}/v1/jobs/${job.id}/browser-token`, {
    method: 'POST',
    ...withKey(stranger.token),
  })
  expect(minted.status).toBe(404)
  const blind = await makeKey({ scopes: ['submit'] })
  const given = await submit(blind.token)
  expect(given).toMatchObject({ signed_until: null, urls: { events_signed: given.urls.events } })
})

it('ends with its key within ten seconds, rotated or revoked, an open stream included; and with its job', async () => {
  const [rotated, revoked] = [await makeKey(), await makeKey()]
  const jobs = [await painted(rotated.token), await painted(revoked.token)]
  await consumer.shutdown()
  const waiting = await submit(revoked.token)
  const stream = await open(waiting.urls.events_signed)
  await request(jobs[0]?.urls.self.replace('http://pentimento.test', service.url) ?? '', {
    method: 'DELETE',
    ...withKey(rotated.token),
  })
  expect(await statusOf(jobs[0]?.images[0]?.signed_url ?? '')).toBe(410)
  const successor = await service.state.tenants.rotateKey(rotated.key.id, 0)
  await service.state.tenants.revokeKey(revoked.key.id)
  const ended = stream.text()
  await expect
    .poll(
      () =>
        Promise.all(
          [jobs[1]?.images[0]?.signed_url ?? '', jobs[0]?.urls.events_signed ?? ''].map((url) => statusOf(url)),
        ),
      { timeout: 10_000 },
    )
    .toEqual([401, 401])
  await ended
  const { body } = await request<Job>(`${service.url}/v1/jobs/${jobs[1]?.id}`, withKey(successor?.token ?? ''))
  expect(await statusOf(body.images[0]?.signed_url ?? '')).toBe(200)
  consumer = await startConsumer(service)
})

describe('a browser token', () => {
  interface Minted {
    token: string
    expires_at: string
    urls: { self: string; events: string }
  }
  const mint = (id: string, query = '') =>
    request<Minted>(`${service.url}/v1/jobs/${id}/browser-token${query}`, { method: 'POST', ...withKey(token) })

  it('reads its one job, by query or as a key, and does nothing else', async () => {
    const { status, headers, body } = await mint(job.id)
    expect([status, headers.get('cache-control')]).toEqual([200, 'no-store'])
    expect(Date.parse(body.expires_at) - Date.now()).toBeGreaterThan(290_000)
    const { body: seen } = await request<Job>(here(body.urls.self))
    // What it is shown ends no later than itself.
    expect(seen).toMatchObject({ id: job.id, signed_until: body.expires_at })
    expect(await statusOf(seen.images[1]?.signed_url ?? '')).toBe(200)
    expect(await statusOf(`${job.images[1]?.url}?token=${body.token}`)).toBe(200)
    expect((await readEvents(await open(body.urls.events)))[0]).toMatchObject({
      data: { signed_until: body.expires_at },
    })
    const page = createClient({ baseUrl: service.url, key: body.token })
    expect((await page.wait(job.id)).id).toBe(job.id)
    expect((await page.download(seen, 1)).size).toBe(job.images[1]?.bytes)
    for await (const { event } of page.events(job.id)) expect(event).toBe('job')
    const other = await submit(token)
    await expect(page.get(other.id)).rejects.toMatchObject({ code: 'unauthorized' })
    const mayRead = [`GET /v1/jobs/:id`, `GET /v1/jobs/:id/events`, `GET /v1/jobs/:id/images/:n`]
    for (const { method, path } of routesOf(service.app).filter((route) =>
      /^\/(v1|replicate|sdapi)\//.test(route.path),
    )) {
      const url = `${service.url}${path.replace(':id', job.id).replace(':n', '0').replace(/:\w+/, 'x')}`
      if (mayRead.includes(`${method.replace('HEAD', 'GET')} ${path}`)) continue
      for (const [at, init] of [
        [`${url}?token=${body.token}`, {}],
        [url, withKey(body.token)],
      ] as const)
        expect([401, 403, 404, 410, 415], `${method} ${path}`).toContain(await statusOf(at, { method, ...init }))
    }
    expect((await request(`${service.url}/v1/jobs/${job.id}`, withKey(token))).status).toBe(200)
  })

  it('ends when it says, a stream too, and can renew itself by nothing that it reads', async () => {
    await consumer.shutdown()
    const waiting = await submit(token)
    const { body } = await mint(waiting.id, '?seconds=10')
    const stream = await open(body.urls.events)
    const text = await stream.text()
    expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(body.expires_at))
    expect(Date.now() - Date.parse(body.expires_at)).toBeLessThan(9000)
    const [first] = await readEvents(new Response(text))
    const { urls } = { ...first?.data } as unknown as Job
    for (const url of [body.urls.self, body.urls.events, urls.events_signed]) expect(await statusOf(url)).toBe(401)
    const refused = await request(here(body.urls.self))
    expect(refused.body.detail).toContain('ask for the job again')
    consumer = await startConsumer(service)
  })

  it('is refused for a wrong time', async () => {
    expect((await mint(job.id, '?seconds=9')).status).toBe(422)
    expect((await mint(job.id, '?second=10')).status).toBe(422)
  })
})

it('is the plain address on a server without keys, and any token opens there what is open', async () => {
  const plain = await startService(inject('redisUrl'))
  const given = await submit('none', {}, plain)
  expect(given).toMatchObject({ signed_until: null, urls: { events_signed: given.urls.events } })
  const minted = await request<object>(`${plain.url}/v1/jobs/${given.id}/browser-token`, { method: 'POST' })
  expect(minted.body).toEqual({
    token: null,
    expires_at: null,
    urls: { self: given.urls.self, events: given.urls.events },
  })
  const { search } = new URL(job.urls.events_signed)
  expect((await request(`${plain.url}/v1/jobs/${given.id}${search}`)).status).toBe(200)
  await plain.close()
})
