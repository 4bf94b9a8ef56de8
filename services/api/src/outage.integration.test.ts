import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { encode } from '@pentimento/images'
import { openStore } from '@pentimento/storage'
import { startTestRedis, type TestRedis } from '@pentimento/test-redis'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { formOf, request, startService, type TestService } from './testing/service.ts'

let picture: Buffer

beforeAll(async () => {
  const data = new Uint8Array(64 * 64 * 3).fill(90)
  picture = await encode({ width: 64, height: 64, data }, { format: 'png', quality: 90, metadata: null })
})

function submit(service: TestService, headers: Record<string, string> = {}) {
  const body = formOf({ prompt: 'p', image: picture, width: 64, height: 64 })
  return request(`${service.url}/v1/img2img`, { method: 'POST', body, headers })
}

/** Every route that needs Redis refuses within three seconds, and the probes tell it apart from a dead process. */
async function expectRefusals(service: TestService): Promise<void> {
  const start = performance.now()
  const id = 'job_aaaaaaaaaaaaaaaaaaaaaaaaaa'
  const answers = await Promise.all([
    submit(service),
    request(`${service.url}/v1/jobs/${id}`),
    request(`${service.url}/v1/jobs/${id}?wait=30`),
    request(`${service.url}/v1/jobs`),
    request(`${service.url}/v1/models`),
    request(`${service.url}/v1/jobs/${id}/cancel`, { method: 'POST' }),
    request(`${service.url}/v1/jobs/${id}/images/0`),
    request(`${service.url}/v1/jobs/${id}/events`),
    request(`${service.url}/readyz`),
  ])
  expect(performance.now() - start).toBeLessThan(3000)
  for (const { status, headers, body } of answers) {
    expect([status, body.code]).toEqual([503, 'queue_unavailable'])
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0)
  }
  expect((await request(`${service.url}/livez`)).status).toBe(200)
}

describe('without Redis', () => {
  let redis: TestRedis
  let service: TestService

  beforeAll(async () => {
    redis = await startTestRedis()
    service = await startService(redis.url)
  })

  afterAll(async () => {
    await service.close()
    await redis.close()
  })

  it('refuses while it is killed, and goes on with the same jobs when it is back', async () => {
    const before = await submit(service)
    expect(before.status).toBe(202)
    await redis.kill('SIGKILL')
    await expectRefusals(service)
    await redis.start()
    await expect.poll(async () => (await submit(service)).status, { timeout: 10_000 }).toBe(202)
    expect((await request(`${service.url}/v1/jobs/${before.body.id}`)).body.status).toBe('queued')
  })

  it('refuses while it is frozen, and goes on when it moves again', async () => {
    redis.freeze()
    await expectRefusals(service)
    redis.thaw()
    await expect.poll(async () => (await submit(service)).status, { timeout: 10_000 }).toBe(202)
  })
})

describe('without storage', () => {
  it('refuses, leaves no job behind, and accepts the same Idempotency-Key later', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'pentimento-api-'))
    const store = await openStore(pathToFileURL(folder).href)
    const service = await startService(inject('redisUrl'), { store })
    await rename(folder, `${folder}-away`)
    await writeFile(folder, 'a file where the folder was')
    const headers = { 'idempotency-key': 'k' }
    const start = performance.now()
    const refused = await submit(service, headers)
    expect(performance.now() - start).toBeLessThan(3000)
    expect(refused.body).toMatchObject({ status: 503, code: 'storage_unavailable' })
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
    expect((await request(`${service.url}/readyz`)).body.code).toBe('storage_unavailable')
    await rm(folder)
    await rename(`${folder}-away`, folder)
    const list = await request<{ data: unknown[] }>(`${service.url}/v1/jobs`)
    expect(list.body.data).toEqual([])
    const accepted = await submit(service, headers)
    expect([accepted.status, accepted.headers.get('idempotent-replayed')]).toEqual([202, null])
    await service.close()
    await rm(folder, { recursive: true })
  })
})
