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

it('holds nothing of what clients of other APIs send, taken or refused, nor what opens their pictures', async () => {
  lines.length = 0
  const { tenants, webhooks } = service.state
  const { token, key } = await tenants.createKey({ tenant: 'dialects', scopes: ['submit', 'read'] })
  await webhooks.rotateSecret('dialects')
  const data = Uint8Array.from({ length: 64 * 64 * 3 }, (_, i) => (i * i) % 251)
  const image = await encode({ width: 64, height: 64, data }, { format: 'png', quality: null, metadata: null })
  const picture = image.toString('base64')
  const [bearer, basic] = [`Bearer ${token}`, `Basic ${btoa(`somebody:${token}`)}`]
  const send = async (path: string, body: unknown, authorization = path.startsWith('/sdapi') ? basic : bearer) => {
    const form = body instanceof FormData || typeof body === 'string' ? body : JSON.stringify(body)
    return fetch(`${service.url}${path}`, { method: 'POST', headers: { authorization }, body: form })
  }
  const words = { prompt: 'private words', user: 'private words', unknown: ['private words'] }
  const small = { ...words, width: 64, height: 64, steps: 2 }
  const a1111 = { ...small, init_images: [picture], url: 'http://x', auth: 'user:private words' }
  const input = { ...words, image: `data:image/png;base64,${picture}`, num_inference_steps: 2 }
  const replicate = { version: 'test-model', input, webhook: 'https://receiver.example/?pass=open-sesame' }
  const consumer = await startConsumer(service)
  const taken = [
    await send('/v1/images/edits', formOf({ ...words, unknown: 'private words', size: '64x64', image })),
    await send('/v1/images/edits', { ...words, size: '64x64', images: [{ image_url: picture }] }),
    await send('/v1/images/generations', { ...words, size: '64x64', stream: true, partial_images: 1 }),
    await send('/sdapi/v1/img2img', a1111),
    await send('/sdapi/v1/img2img', { ...a1111, mask: picture, sampler_name: 'private words' }),
    await send('/sdapi/v1/txt2img', small),
    await send('/sdapi/v1/options', small),
    await send('/sdapi/v1/png-info', { image: picture }),
    await send('/replicate/v1/files', formOf({ content: image, metadata: '{"a":"private words"}' })),
    await send('/replicate/v1/predictions', replicate),
  ]
  for (const answer of taken) {
    expect(answer.status, answer.url).toBeLessThan(300)
    await answer.arrayBuffer()
  }
  const [job] = (await service.state.jobs.list('dialects', { limit: 1 })).jobs
  await service.state.jobs.wait('dialects', job?.id ?? '', { timeoutMs: 20_000 })
  const output = `/replicate/v1/predictions/${job?.id}/output/0`
  const opener = (await tenants.signer(key.id))?.sign(output) ?? ''
  expect((await fetch(`${service.url}${output}?%74oken=${opener}`)).status).toBe(200)
  const broken = '{"prompt": "private words", "init_images": ["'
  const refused = [
    await send('/v1/images/edits', { ...words, images: ['private words'], size: 'private words' }),
    await send('/v1/images/generations', { ...words, model: 'private words' }),
    await send('/v1/images/generations', broken + picture),
    await send('/v1/images/generations', small, 'Bearer private-words'),
    await send('/sdapi/v1/txt2img', { ...small, script_name: 'private words' }),
    await send('/sdapi/v1/img2img', { ...a1111, init_images: [picture.slice(100)] }),
    await send('/sdapi/v1/img2img', { ...a1111, steps: 'private words' }),
    await send('/sdapi/v1/img2img', broken + picture),
    await send('/sdapi/v1/options', { sd_model_checkpoint: 'private words' }),
    await send('/sdapi/v1/img2img', a1111, `Basic ${btoa('user:private words')}`),
    await send('/replicate/v1/predictions', { ...replicate, version: 'private words' }),
    await send('/replicate/v1/predictions', { ...replicate, webhook: 'https://user:letmein@receiver.example/' }),
    await send('/replicate/v1/predictions', { ...replicate, input: { ...input, scheduler: 'private words' } }),
    await send('/replicate/v1/files', formOf({ content: Buffer.from('private words') })),
  ]
  for (const answer of refused) expect(answer.status, answer.url).toBeGreaterThanOrEqual(400)
  await consumer.shutdown()

  const all = lines.join('')
  // Every request has its line, so what is missing is not missing for want of lines.
  expect(entries().filter(({ msg }) => msg === 'request completed').length).toBe(taken.length + refused.length + 1)
  const secrets = [token.slice(20), btoa(`somebody:${token}`).slice(0, 20), opener.slice(-20)]
  const pieces = [0.3, 0.6, 0.9].map((at) => picture.slice(picture.length * at).slice(0, 24))
  const said = ['private words', 'private-words', btoa('user:private words'), 'letmein', 'open-sesame']
  for (const word of [...secrets, ...pieces, ...said]) expect(all).not.toContain(word)
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
