import { encode } from '@pentimento/images'
import { openState } from '@pentimento/state'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { createLog } from './log.ts'
import { startConsumer } from './testing/consumer.ts'
import { formOf, request, startService, type TestService } from './testing/service.ts'

const lines: string[] = []
const log = createLog('trace', { service: 'api' }, { write: (line) => void lines.push(line) })
const entries = () => lines.map((line) => JSON.parse(line) as Record<string, unknown>)
let service: TestService

beforeAll(async () => {
  service = await startService(inject('redisUrl'), { auth: 'keys', log })
})

afterAll(() => service.close())

it('names request, key, tenant and job, and holds no secret, whatever is sent', async () => {
  const data = new Uint8Array(64 * 64 * 3).fill(90)
  const image = await encode({ width: 64, height: 64, data }, { format: 'png', quality: 90, metadata: null })
  const scopes = ['submit', 'read', 'admin'] as const
  const { key, token } = await service.state.tenants.createKey({ tenant: 'acme', scopes: [...scopes] })
  const headers = { authorization: `Bearer ${token}` }
  const json = { ...headers, 'content-type': 'application/json' }
  const send = <T>(path: string, init: RequestInit = {}) => request<T>(`${service.url}${path}`, { headers, ...init })

  const made = await send<{ token: string; key: { id: string } }>('/v1/admin/keys', {
    method: 'POST',
    headers: json,
    body: JSON.stringify({ tenant: 'other' }),
  })
  const rotated = await send<{ token: string }>(`/v1/admin/keys/${made.body.key.id}/rotate`, { method: 'POST' })
  const hook = await send<{ secret: string }>('/v1/webhook-secret/rotate', { method: 'POST' })
  const consumer = await startConsumer(service)
  const fields = { prompt: 'private words', image, width: 64, height: 64, metadata: '{"card":"4000-1234"}' }
  const body = formOf({ ...fields, webhook_url: 'https://receiver.example/hook?pass=open-sesame' })
  const job = await send<{ id: string }>('/v1/img2img?wait=20', { method: 'POST', body })
  expect(job.status).toBe(200)
  await consumer.shutdown()
  for (const path of [`/v1/jobs/${job.body.id}/deliveries`, `/v1/jobs?api_key=${token}`, `/nowhere/${token}`])
    await send(path)
  const wrong = token.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'))
  await send('/v1/jobs', { headers: { authorization: `Bearer ${wrong}` } })
  const url = 'https://user:letmein@receiver.example/'
  await send('/v1/webhooks/test', { method: 'POST', headers: json, body: JSON.stringify({ url }) })

  const all = lines.join('')
  for (const secret of [token, wrong, made.body.token, rotated.body.token, hook.body.secret]) {
    expect(secret).toMatch(/^(pmt|whsec)_/)
    expect(all).not.toContain(secret.slice(20))
  }
  for (const word of ['private words', '4000-1234', 'open-sesame', 'letmein', 'uthorization'])
    expect(all).not.toContain(word)
  // The line at the end of the submit leads from the request to its job.
  expect(entries()).toContainEqual(
    expect.objectContaining({
      msg: 'request completed',
      reqId: job.headers.get('x-request-id'),
      key: key.id,
      tenant: 'acme',
      job: job.body.id,
    }),
  )
})

it('holds no password of Redis that was refused', async () => {
  lines.length = 0
  const redisUrl = inject('redisUrl').replace('redis://', 'redis://nobody:hunter2@')
  const opening = openState({ redisUrl, onError: (err) => log.warn({ err }, 'redis') })
  await expect(opening).rejects.toThrow('not available')
  const [line] = entries()
  expect(line).toMatchObject({
    level: 40,
    service: 'api',
    msg: 'redis',
    err: { message: expect.stringMatching(/^WRONGPASS/) },
  })
  expect(lines.join('')).not.toContain('hunter2')
})
