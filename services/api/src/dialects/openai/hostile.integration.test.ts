import { encode } from '@pentimento/images'
import type { Consumer } from '@pentimento/state'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { startConsumer } from '../../testing/consumer.ts'
import { openJobs, startService, type TestService } from '../../testing/service.ts'

let service: TestService
let consumer: Consumer
let token: string
let picture: Buffer

beforeAll(async () => {
  service = await startService(inject('redisUrl'), { auth: 'keys' })
  consumer = await startConsumer(service, 0)
  token = (await service.state.tenants.createKey({ tenant: 'a', scopes: ['submit', 'read'] })).token
  const data = new Uint8Array(64 * 64 * 3).fill(90)
  picture = await encode({ width: 64, height: 64, data }, { format: 'png', quality: null, metadata: null })
})
afterAll(async () => {
  await consumer?.shutdown()
  await service?.close()
})

const ask = (path: string, init: RequestInit = {}, key = token) =>
  fetch(`${service.url}${path}`, {
    method: 'POST',
    signal: AbortSignal.timeout(20_000),
    ...init,
    headers: { authorization: `Bearer ${key}`, ...init.headers },
  })

interface Refused {
  error: { code: string; type: string }
}

const oddText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom('', 'auto', 'true', '64x64', '-1', 'webp'),
)
const name = fc.oneof(
  fc.constantFrom(
    'prompt',
    'n',
    'size',
    'model',
    'quality',
    'stream',
    'partial_images',
    'response_format',
    'seed',
    'strength',
  ),
  fc.constantFrom(
    'image',
    'image[]',
    'image[1]',
    'mask',
    'mask[]',
    'width',
    'semantics',
    'metadata',
    '__proto__',
    'steps',
  ),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 20 }),
)
const small = { prompt: 'p', size: '64x64', steps: '1' }
const numRuns = Number(process.env.FUZZ_BODIES ?? 120)

async function looked(answer: Response): Promise<void> {
  const text = await answer.text()
  expect(answer.status, text.slice(0, 500)).toBeLessThan(500)
  if (answer.headers.get('content-type')?.startsWith('text/event-stream')) return
  const body = JSON.parse(text)
  if (answer.status === 200) expect(body.data ?? body.error).toBeDefined()
  else expect(body.error).toMatchObject({ message: expect.any(String), type: expect.any(String) })
}

it('answers any form in its own words, and never hangs or breaks', async () => {
  const part = fc.tuple(name, fc.oneof(oddText, fc.constant(null), fc.uint8Array({ maxLength: 30 })))
  await fc.assert(
    fc.asyncProperty(
      fc.array(part, { maxLength: 8 }),
      fc.constantFrom('edits', 'generations', 'variations'),
      async (parts, route) => {
        const form = new FormData()
        for (const [field, value] of Object.entries(small)) form.append(field, value)
        for (const [field, value] of parts) {
          if (typeof value === 'string') form.append(field, value)
          else form.append(field, new Blob([Uint8Array.from(value ?? picture)]), 'blob')
        }
        await looked(await ask(`/v1/images/${route}`, { body: form }))
      },
    ),
    { numRuns },
  )
})

it('answers any JSON in its own words', async () => {
  const value = fc.oneof(oddText, fc.jsonValue({ maxDepth: 3 }), fc.constant(`data:image/png;base64,AAAA`))
  const json = fc.dictionary(name, value, { maxKeys: 8 }).map((fields) => JSON.stringify({ ...small, ...fields }))
  const body = fc.oneof({ weight: 5, arbitrary: json }, fc.string({ unit: 'binary', maxLength: 60 }))
  await fc.assert(
    fc.asyncProperty(body, fc.constantFrom('edits', 'generations'), async (text, route) =>
      looked(await ask(`/v1/images/${route}`, { body: text, headers: { 'content-type': 'application/json' } })),
    ),
    { numRuns },
  )
})

it('loses none of them', async () => {
  await expect.poll(() => openJobs(service, 'a'), { timeout: 60_000 }).toBe(0)
})

it('lets nobody in without a key, tells so in its shape, and shows no one else’s', async () => {
  const body = JSON.stringify(small)
  for (const headers of [{}, { authorization: 'Bearer sk-something' }, { 'api-key': 'pmt_none' }]) {
    const answer = await fetch(`${service.url}/v1/images/generations`, { method: 'POST', body, headers })
    expect(answer.status).toBe(401)
    expect(await answer.json()).toMatchObject({
      code: 'unauthorized',
      error: { code: 'invalid_api_key', type: 'invalid_request_error', message: expect.stringContaining('pmt_') },
    })
  }
  const azure = await fetch(`${service.url}/v1/images/generations`, {
    method: 'POST',
    body,
    headers: { 'api-key': token },
  })
  expect(azure.status).toBe(200)
  const other = (await service.state.tenants.createKey({ tenant: 'b', scopes: ['submit', 'read'] })).token
  const id = azure.headers.get('x-pentimento-job')
  const [own, foreign] = await Promise.all([token, other].map((key) => ask(`/v1/jobs/${id}`, { method: 'GET' }, key)))
  expect([own?.status, foreign?.status]).toEqual([200, 404])
  const reader = (await service.state.tenants.createKey({ tenant: 'a', scopes: ['read'] })).token
  const refused = await ask('/v1/images/generations', { body }, reader)
  expect([refused.status, ((await refused.json()) as Refused).error.code]).toEqual([403, 'forbidden'])
})

it('tells a quota once, without a pause of hours', async () => {
  const { token: poor } = await service.state.tenants.createKey({
    tenant: 'c',
    scopes: ['submit'],
    limits: { dailyWork: 0.005 },
  })
  const asked = () => ask('/v1/images/generations', { body: JSON.stringify(small) }, poor)
  expect((await asked()).status).toBe(200)
  const over = await asked()
  expect([over.status, over.headers.get('x-should-retry')]).toEqual([429, 'false'])
  expect(Number(over.headers.get('retry-after'))).toBeLessThanOrEqual(60)
  expect(((await over.json()) as Refused).error).toMatchObject({ type: 'rate_limit_error', code: 'quota_exceeded' })
})
