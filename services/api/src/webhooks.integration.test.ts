import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { encode } from '@pentimento/images'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { type Fields, formOf, request, startService, type TestService } from './testing/service.ts'

let service: TestService
let picture: Buffer

beforeAll(async () => {
  service = await startService(inject('redisUrl'))
  const data = new Uint8Array(64 * 64 * 3).fill(90)
  picture = await encode({ width: 64, height: 64, data }, { format: 'png', quality: 90, metadata: null })
})

afterAll(() => service.close())

const submit = async (fields: Fields) =>
  (await request(`${service.url}/v1/img2img`, { method: 'POST', body: formOf({ prompt: 'p', ...fields }) })).body

const post = <T>(path: string, body?: unknown) =>
  request<T & { code?: string }>(`${service.url}${path}`, {
    method: 'POST',
    ...(body !== undefined && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  })

describe('webhooks', () => {
  it('need a secret, which is shown once and can be rotated', async () => {
    const fields = { image: picture, webhook_url: 'https://receiver.example/hook' }
    expect(await submit(fields)).toMatchObject({ status: 422, code: 'no_webhook_secret' })
    expect((await post('/v1/webhooks/test', { url: 'https://receiver.example/' })).body.code).toBe('no_webhook_secret')
    const first = await post<{ secret: string }>('/v1/webhook-secret/rotate')
    expect(first.body.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/)
    const second = await post<{ secret: string }>('/v1/webhook-secret/rotate')
    expect(await service.state.webhooks.secrets('default')).toEqual([second.body.secret, first.body.secret])
    const many = await Promise.all(
      Array.from({ length: 10 }, () => post<{ secret: string }>('/v1/webhook-secret/rotate')),
    )
    const given = [first, second, ...many].filter(({ status }) => status === 200).map(({ body }) => body.secret)
    expect((await service.state.webhooks.secrets('default')).toSorted()).toEqual(given.toSorted())
    const refused = many.filter(({ status }) => status !== 200)
    expect(refused.length).toBe(8)
    for (const { status, body, headers } of refused) {
      expect([status, body]).toMatchObject([
        429,
        { code: 'too_many_secrets', detail: expect.stringMatching(/rotate when/) },
      ])
      expect(Number(headers.get('retry-after'))).toBeGreaterThan(86_000)
    }
    const job = await submit({ ...fields, webhook_events: 'job.started, job.failed' })
    expect(job.status).toBe('queued')
    const record = await service.state.jobs.get('default', job.id)
    expect(record).toMatchObject({
      request: { webhook: { url: 'https://receiver.example/hook', events: ['job.started', 'job.failed'] } },
    })
  })

  it.each([
    ['http://receiver.example/', 'WEBHOOK_ALLOW_HTTP'],
    ['https://user:pw@receiver.example/', 'password'],
    ['https://10.0.0.1/', 'OUTBOUND_ALLOW'],
    ['https://[::1]/', 'OUTBOUND_ALLOW'],
    ['https://localhost/', 'OUTBOUND_ALLOW'],
    ['https://169.254.169.254/latest', 'OUTBOUND_ALLOW'],
    ['https://receiver.example:22/', 'OUTBOUND_ALLOW'],
  ])('are not sent to %s, and the answer says what about it (%s)', async (url, why) => {
    expect(await submit({ image: picture, webhook_url: url })).toMatchObject({
      status: 422,
      code: 'webhook_url_refused',
      detail: expect.stringContaining(why),
    })
    expect((await post('/v1/webhooks/test', { url })).body.code).toBe('webhook_url_refused')
  })

  it('are not sent where the URL holds a key, which its host would learn', async () => {
    const key = `pmt_abcdefgh2345_${'k'.repeat(43)}`
    for (const url of [
      `https://receiver.example/?key=${key}`,
      `https://receiver.example/${key.replaceAll('_', '%5F')}`,
    ])
      for (const field of ['webhook_url', 'image_url']) {
        const fields = field === 'image_url' ? { image_url: url } : { image: picture, webhook_url: url }
        const detail = 'must not hold an API key or a webhook secret'
        expect(await submit(fields)).toMatchObject({ status: 422, errors: [{ pointer: `/${field}`, detail }] })
      }
  })

  it('send a test event', async () => {
    const { status, body } = await post<{ id: string }>('/v1/webhooks/test', { url: 'https://receiver.example/t' })
    expect([status, body]).toEqual([202, { id: body.id, type: 'test', url: 'https://receiver.example/t' }])
    const due = await service.state.webhooks.claim({ limit: 10, perHost: 10, perTenant: 10, leaseMs: 5000 })
    expect(due.map(({ event }) => [event.id, event.type])).toContainEqual([body.id, 'test'])
    const told = await request<object>(`${service.url}/v1/webhooks/test/${body.id}`)
    expect(told.body).toMatchObject({ id: body.id, type: 'test', state: 'pending', attempts: [] })
    expect(await service.state.webhooks.testEvent('other', body.id)).toBeNull()
    expect((await request(`${service.url}/v1/webhooks/test/evt_x`)).body.code).toBe('not_found')
    for (const wrong of [{}, { url: 'x' }, { url: 'https://a.example', extra: 1 }, []]) {
      expect((await post('/v1/webhooks/test', wrong)).body.code).toBe('invalid_fields')
    }
    const broken = { method: 'POST', body: '{', headers: { 'content-type': 'application/json' } }
    expect((await request(`${service.url}/v1/webhooks/test`, broken)).body.code).toBe('invalid_request')
  })

  it('are logged for each job, and sent again on demand', async () => {
    const job = await submit({ image: picture, webhook_url: 'https://receiver.example/log' })
    const id = `evt-${job.id}-canceled`
    const event = { id, tenant: 'default', job: job.id, type: 'job.canceled' as const, traceparent: null }
    await service.state.webhooks.enqueue({ ...event, url: 'https://receiver.example/log', body: '{}' })
    const due = await service.state.webhooks.claim({ limit: 10, perHost: 10, perTenant: 10, leaseMs: 5000 })
    const mine = due.find((delivery) => delivery.event.id === id)
    if (!mine) throw new Error('the event was not due')
    await service.state.webhooks.settle(mine, { outcome: 'delivered', status: 200, response: 'ok', durationMs: 3 })
    type Log = { data: Record<string, unknown>[] }
    const log = (await request<Log>(`${service.url}/v1/jobs/${job.id}/deliveries`)).body.data
    expect(log).toMatchObject([{ id, state: 'delivered', attempts: [{ attempt: 1, status: 200, response: 'ok' }] }])
    const again = await post<{ state: string }>(`/v1/jobs/${job.id}/deliveries/${id}/replay`)
    expect([again.status, again.body.state]).toEqual([202, 'pending'])
    expect((await post(`/v1/jobs/${job.id}/deliveries/evt_nothing/replay`)).body.code).toBe('not_found')
  })
})

describe('image_url', () => {
  let server: Server
  let origin: string

  beforeAll(async () => {
    server = createServer((incoming, answer) => {
      if (incoming.url === '/a.png') answer.end(picture)
      else if (incoming.url === '/moved') answer.writeHead(302, { location: '/a.png' }).end()
      else if (incoming.url === '/inside') answer.writeHead(302, { location: 'http://10.0.0.1/' }).end()
      else if (incoming.url === '/page') answer.end('<html></html>')
      else if (incoming.url === '/large')
        answer.writeHead(200, { 'content-length': 30_000_000 }).end(Buffer.alloc(30_000_000))
      else answer.writeHead(404).end()
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })

  afterAll(() => {
    server.closeAllConnections()
    server.close()
  })

  it('is fetched before the job is accepted', async () => {
    for (const path of ['/a.png', '/moved']) {
      expect((await submit({ image_url: `${origin}${path}` })).status).toBe('queued')
    }
  })

  it.each([
    ['/missing', 'image_url_failed'],
    ['/inside', 'image_url_failed'],
    ['/large', 'image_url_failed'],
    ['/page', 'invalid_image'],
  ])('is refused: %s', async (path, code) => {
    const problem = await submit({ image_url: `${origin}${path}` })
    expect(problem).toMatchObject({ status: 422, code, errors: [{ pointer: '/image_url' }] })
  })

  it('does not reach into the network of the server', async () => {
    for (const url of [
      'http://169.254.169.254/',
      'https://[::ffff:10.0.0.1]/',
      'file:///etc/passwd',
      'http://0x0a000001/',
    ]) {
      expect(await submit({ image_url: url })).toMatchObject({ status: 422, code: 'image_url_failed' })
    }
  })
})
