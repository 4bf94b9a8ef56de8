import { encode } from '@pentimento/images'
import { manyChunks, manyScans, plainPng } from '@pentimento/images/testing'
import type { TenantLimits } from '@pentimento/state'
import { keys } from '@pentimento/storage'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { type Fields, formOf, request, startService, type TestService } from './testing/service.ts'

let service: TestService
let picture: Buffer

beforeAll(async () => {
  service = await startService(inject('redisUrl'), { auth: 'keys' })
  const data = new Uint8Array(64 * 64 * 3).fill(90)
  picture = await encode({ width: 64, height: 64, data }, { format: 'png', quality: 90, metadata: null })
})

afterAll(() => service.close())

let tenants = 0
/** A tenant of its own, and how it submits. */
async function newTenant(limits: TenantLimits = {}) {
  const tenant = `tenant-${tenants++}`
  const { token } = await service.state.tenants.createKey({ tenant, scopes: ['submit', 'read'], limits })
  const headers = { authorization: `Bearer ${token}` }
  const post = (path: string, init: RequestInit & { headers?: Record<string, string> } = {}) =>
    request(`${service.url}${path}`, { method: 'POST', ...init, headers: { ...headers, ...init.headers } })
  const submit = (fields: Fields, more: Record<string, string> = {}, signal: AbortSignal | null = null) =>
    post(fields.mask === undefined ? '/v1/img2img' : '/v1/inpaint', {
      body: formOf({ prompt: 'p', ...fields }),
      headers: more,
      signal,
    })
  const inputs = async (id: string) => {
    const found: string[] = []
    for await (const { key } of service.store.list(keys.jobPrefix(tenant, id))) found.push(key)
    return found
  }
  return { tenant, post, submit, inputs }
}

describe('a costly picture', () => {
  it.each([
    ['883 scans', manyScans(4096, 4096, 883), 'more than 64 scans'],
    ['thin strips', plainPng(1, 16_800_000, 1), 'no side may be longer than 16,384'],
    ['one long side', plainPng(65, 1, 3), 'no side may be more than 64 times as long as the other'],
    ['1.7 million chunks', manyChunks(1_700_000), 'more than 20000 chunks'],
  ])('is refused with a sentence, as image and as mask: %s', async (_, file, sentence) => {
    const { submit } = await newTenant()
    const asImage = await submit({ image: file })
    expect(asImage.body).toMatchObject({ status: 422, code: 'invalid_image', errors: [{ pointer: '/image' }] })
    expect(asImage.body.detail).toContain(sentence)
    const asMask = await submit({ image: picture, mask: file })
    expect(asMask.body).toMatchObject({ status: 422, code: 'invalid_image', errors: [{ pointer: '/mask' }] })
    expect(asMask.body.detail).toContain(sentence)
  })

  it('delays no other tenant, however many there are and whether or not their senders wait', async () => {
    const [attacker, neighbour] = [await newTenant(), await newTenant()]
    const gone = new AbortController()
    // The dearest that is let through: every scan that may be, and every pixel.
    const file = manyScans(4096, 4096, 64)
    const sent = Array.from({ length: 24 }, () => attacker.submit({ image: file }, {}, gone.signal).catch(() => null))
    await new Promise((resolve) => setTimeout(resolve, 300))
    const start = performance.now()
    expect((await neighbour.submit({ image: picture })).status).toBe(202)
    expect(performance.now() - start).toBeLessThan(2000)
    gone.abort()
    await Promise.all(sent)
    // What waits for a client that is gone is dropped: the attacker's own next picture does not wait for it.
    const again = performance.now()
    expect((await attacker.submit({ image: picture })).status).toBe(202)
    expect(performance.now() - again).toBeLessThan(4000)
  })

  it('costs by its own size: a tiny job of a large picture takes its share of the day', async () => {
    const { submit, tenant } = await newTenant({ dailyWork: 100 })
    const small = { width: 64, height: 64, steps: 1 }
    expect((await submit({ image: plainPng(2048, 2048, 3), ...small })).status).toBe(202)
    const { workToday } = await service.state.tenants.usage(tenant)
    expect(workToday).toBeCloseTo(2.048 ** 2 + 0.004, 2)
    const dear = { ...small, mask_blur: 64, inpaint_area: 'masked' }
    const refused = await submit({ image: plainPng(4096, 4096, 4), mask: await white(), ...dear })
    expect(refused.body).toMatchObject({ status: 422, code: 'too_much_work' })
  })
})

describe('limits', () => {
  it('are looked at before a picture is decoded, with an Idempotency-Key too', async () => {
    const { submit } = await newTenant({ maxQueued: 1 })
    expect((await submit({ image: picture })).status).toBe(202)
    const broken = picture.subarray(0, picture.length - 20)
    for (const headers of [{}, { 'idempotency-key': 'k' }]) {
      const refused = await submit({ image: broken }, headers as Record<string, string>)
      expect(refused.body).toMatchObject({ status: 429, code: 'too_many_jobs' })
    }
  })
})

describe('storage', () => {
  it('is free of a job’s inputs as soon as it is canceled', async () => {
    const { submit, post, inputs, tenant } = await newTenant()
    const { body } = await submit({ image: picture })
    expect(await inputs(body.id)).toHaveLength(1)
    expect((await post(`/v1/jobs/${body.id}/cancel`)).status).toBe(200)
    expect(await inputs(body.id)).toEqual([])
    expect((await service.state.tenants.usage(tenant)).storage).toBeCloseTo(0.1)
  })

  it('is limited for each tenant, and has room again when jobs go', async () => {
    const { submit, post, tenant } = await newTenant({ maxStorage: 0.3 })
    const other = await newTenant()
    const small = { image: picture, width: 64, height: 64 }
    const ids: string[] = []
    for (let i = 0; i < 2; i++) ids.push((await submit(small)).body.id)
    const refused = await submit(small)
    expect(refused.body).toMatchObject({ status: 429, code: 'storage_quota' })
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
    expect((await other.submit(small)).status).toBe(202)
    const { status } = await post(`/v1/jobs/${ids[0]}/cancel`)
    expect(status).toBe(200)
    await fetch(`${service.url}/v1/jobs/${ids[0]}`, { method: 'DELETE', headers: await authorization(tenant) })
    expect((await submit(small)).status).toBe(202)
  })

  it('is limited by the setting where the key does not say', async () => {
    const full = await startService(inject('redisUrl'), { tenantStorage: 0.05 })
    try {
      const refused = await request(`${full.url}/v1/img2img`, {
        method: 'POST',
        body: formOf({ prompt: 'p', image: picture }),
      })
      expect(refused.body).toMatchObject({ status: 429, code: 'storage_quota' })
    } finally {
      await full.close()
    }
  })
})

describe('webhook events on demand', () => {
  it('are so many a minute for each tenant', async () => {
    const [many, one] = [await newTenant(), await newTenant()]
    const test = { body: '{"url":"https://receiver.example/"}', headers: { 'content-type': 'application/json' } }
    for (const { post } of [many, one]) await post('/v1/webhook-secret/rotate')
    const statuses = await Promise.all(
      Array.from({ length: 30 }, async () => (await many.post('/v1/webhooks/test', test)).status),
    )
    expect(statuses.filter((status) => status === 202)).toHaveLength(10)
    const refused = await many.post('/v1/webhooks/test', test)
    expect(refused.body).toMatchObject({ status: 429, code: 'rate_limited' })
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
    expect((await one.post('/v1/webhooks/test', test)).status).toBe(202)
  })

  it('are replayed so many times a minute', async () => {
    const { submit, post } = await newTenant()
    const { id } = (await submit({ image: picture })).body
    const statuses = await Promise.all(
      Array.from({ length: 80 }, async () => (await post(`/v1/jobs/${id}/deliveries/evt_none/replay`)).status),
    )
    expect(statuses.filter((status) => status === 404)).toHaveLength(60)
    expect(statuses.filter((status) => status === 429)).toHaveLength(20)
  })
})

async function white(): Promise<Buffer> {
  const data = new Uint8Array(64 * 64 * 3).fill(255)
  return encode({ width: 64, height: 64, data }, { format: 'png', quality: 90, metadata: null })
}

async function authorization(tenant: string): Promise<Record<string, string>> {
  const { token } = await service.state.tenants.createKey({ tenant, scopes: ['submit'] })
  return { authorization: `Bearer ${token}` }
}
