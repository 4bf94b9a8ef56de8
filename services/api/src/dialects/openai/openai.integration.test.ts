import { decodeRgb, encode } from '@pentimento/images'
import type { Consumer } from '@pentimento/state'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { startConsumer } from '../../testing/consumer.ts'
import { startService, type TestService } from '../../testing/service.ts'

let service: TestService
let consumer: Consumer
let picture: Buffer

const limits = { maxPixels: 1e8, maxSide: 1e4, maxAspect: 100, maxSeconds: 10 }

/** PNG of one colour. */
function plain(width: number, height: number): Promise<Buffer> {
  const data = new Uint8Array(width * height * 3).fill(90)
  return encode({ width, height, data }, { format: 'png', quality: null, metadata: null })
}

/** A grey PNG of 8 × 8 pixels, half of them transparent, made by Pillow. */
const mask = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAQAAABuBnYAAAAAFUlEQVR4nGNsYICC/xCKiQEN0EcAAMXKAY+3jtnJAAAAAElFTkSuQmCC',
  'base64',
)

beforeAll(async () => {
  service = await startService(inject('redisUrl'))
  consumer = await startConsumer(service)
  picture = await plain(96, 64)
})
afterAll(async () => {
  await consumer?.shutdown()
  await service?.close()
})

type Part = [name: string, value: string | Uint8Array, filename?: string]

function formOf(parts: readonly Part[]): FormData {
  const form = new FormData()
  for (const [name, value, filename] of parts) {
    if (typeof value === 'string') form.append(name, value)
    else form.append(name, new Blob([Uint8Array.from(value)], { type: 'application/octet-stream' }), filename ?? 'blob')
  }
  return form
}

interface Images {
  created: number
  size: string
  output_format: string
  data: { b64_json?: string; url?: string; seed: number }[]
  warnings: { code: string }[]
  usage: { total_tokens: number }
}
interface Failure {
  error: { message: string; type: string; param: string | null; code: string }
}

async function send<T>(path: string, init: RequestInit = {}) {
  const answer = await fetch(`${service.url}${path}`, { method: 'POST', ...init })
  return { status: answer.status, headers: answer.headers, body: (await answer.json()) as T }
}
const edit = <T = Images>(parts: readonly Part[], headers: Record<string, string> = {}) =>
  send<T>('/v1/images/edits', { body: formOf(parts), headers })
const generate = <T = Images>(body: unknown) =>
  send<T>('/v1/images/generations', {
    body: typeof body === 'string' ? body : JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
  })

async function sizesOf({ data }: Images): Promise<string[]> {
  const decoded = data.map(({ b64_json = '' }) => decodeRgb(Buffer.from(b64_json, 'base64'), limits))
  return (await Promise.all(decoded)).map(({ image }) => `${image.width}x${image.height}`)
}

describe('what clients send', () => {
  it('Open WebUI: an empty model, one image, a size', async () => {
    const { status, headers, body } = await edit([
      ['model', ''],
      ['prompt', 'a cat (really)'],
      ['image', picture, 'image.png'],
      ['n', '1'],
      ['size', '512x512'],
      ['response_format', 'b64_json'],
    ])
    expect([status, body.size, body.output_format, body.usage.total_tokens]).toEqual([200, '512x512', 'png', 0])
    expect(await sizesOf(body)).toEqual(['512x512'])
    const job = await service.state.jobs.get('default', headers.get('x-pentimento-job') ?? '')
    expect(job).toMatchObject({
      status: 'succeeded',
      request: {
        kind: 'img2img',
        metadata: { via: 'openai' },
        parameters: { prompt: 'a cat \\(really\\)', strength: 0.75, resize_mode: 'crop' },
      },
    })
  })

  it('LibreChat: a list of one, a model and a size of OpenAI', async () => {
    const { status, body } = await edit([
      ['image[]', picture, 'image.png'],
      ['model', 'gpt-image-1'],
      ['quality', 'high'],
      ['size', 'auto'],
      ['user', 'abc'],
      ['prompt', 'a cat'],
    ])
    // The picture's shape at the model's native area.
    expect([status, body.size]).toEqual([200, '624x416'])
  })

  it('LiteLLM and LobeChat: a mask in its polarity, lists, fidelity', async () => {
    const { headers, body } = await edit([
      ['image[]', picture, 'upload'],
      ['mask', mask, 'mask.png'],
      ['prompt', 'a cat'],
      ['input_fidelity', 'high'],
    ])
    // What is repainted keeps its size.
    expect(body.size).toBe('96x64')
    const job = await service.state.jobs.get('default', headers.get('x-pentimento-job') ?? '')
    expect(job).toMatchObject({ request: { kind: 'inpaint', parameters: { mask_mode: 'alpha', strength: 1 } } })
  })

  it('gateways: a text beside the file of its name, files under names of their own', async () => {
    const parts: Part[] = [
      ['prompt', 'a cat'],
      ['mask', '[object File]'],
      ['image[]', picture],
      ['image[]', 'text'],
      ['mask', mask],
      ['attachment', picture],
    ]
    expect((await edit(parts)).status).toBe(200)
  })

  it('JSON: a data URL, base64, an object, a list', async () => {
    const base64 = picture.toString('base64')
    const url = `data:image/png;base64,${base64}`
    for (const image of [
      { image: url },
      { image: base64 },
      { image: { url } },
      { images: [{ image_url: url }] },
      { images: [{ image_url: { url } }], mask: { image_url: mask.toString('base64') } },
    ]) {
      const answer = await send<Images>('/v1/images/edits', { body: JSON.stringify({ prompt: 'a cat', ...image }) })
      expect(answer.status, JSON.stringify(Object.keys(image))).toBe(200)
    }
  })

  it('our own names beside OpenAI’s: strength, seed, steps', async () => {
    const parts: Part[] = [
      ['image', picture],
      ['prompt', 'a cat'],
      ['strength', '0.4'],
      ['seed', '7'],
      ['steps', '3'],
      ['negative_prompt', 'dog'],
    ]
    const { headers, body } = await edit(parts)
    expect(body.data.map(({ seed }) => seed)).toEqual([7])
    const job = await service.state.jobs.get('default', headers.get('x-pentimento-job') ?? '')
    expect(job).toMatchObject({ request: { parameters: { strength: 0.4, steps: 3, negative_prompt: 'dog' } } })
  })

  it('a prompt alone, in each format, as many as ten', async () => {
    const { headers, body } = await generate({
      prompt: 'a cat',
      n: 10,
      size: '256x256',
      seed: 5,
      output_format: 'webp',
    })
    expect(headers.get('x-pentimento-job')?.split(', ')).toHaveLength(2)
    expect(body.data.map(({ seed }) => seed)).toEqual([5, 6, 7, 8, 9, 10, 11, 12, 13, 14])
  })

  it('a size that the model cannot paint: painted within its range and scaled, and said so', async () => {
    const { body } = await generate({ prompt: 'a cat', size: '1536x1024' })
    expect([body.size, body.warnings.map(({ code }) => code)]).toEqual(['1536x1024', ['size_fitted']])
    expect(await sizesOf(body)).toEqual(['1536x1024'])
  })

  it('an address instead of bytes, which opens without a key and has the size that was asked for', async () => {
    const keyed = await startService(inject('redisUrl'), { auth: 'keys' })
    const worker = await startConsumer(keyed)
    try {
      const { createKey } = keyed.state.tenants
      const { token } = await createKey({ tenant: 'a', scopes: ['submit', 'read'] })
      const { token: blind } = await createKey({ tenant: 'a', scopes: ['submit'] })
      const generated = (key: string, size: string) =>
        fetch(`${keyed.url}/v1/images/generations`, {
          method: 'POST',
          headers: { authorization: `Bearer ${key}` },
          body: JSON.stringify({ prompt: 'a cat', response_format: 'url', size, n: 2 }),
        })
      expect((await generated(blind, '256x256')).status).toBe(403)
      for (const size of ['256x256', '2048x1024']) {
        const answer = await generated(token, size)
        const { data } = (await answer.json()) as Images
        for (const { url = '' } of data) {
          expect(url).toMatch(/^http:\/\/pentimento\.test\//)
          const picture = await fetch(url.replace('http://pentimento.test', keyed.url))
          expect(picture.headers.get('content-type')).toBe('image/png')
          const { image } = await decodeRgb(Buffer.from(await picture.arrayBuffer()), limits)
          expect(`${image.width}x${image.height}`).toBe(size)
        }
        expect(new Set(data.map(({ url }) => url)).size).toBe(2)
      }
    } finally {
      await worker.shutdown()
      await keyed.close()
    }
  })

  it('the models, as OpenAI lists them, and natively', async () => {
    const list = await send<{ object: string; data: object[] }>('/v1/models', { method: 'GET' })
    const model = {
      id: 'test-model',
      object: 'model',
      created: 0,
      owned_by: 'pentimento',
      available: true,
      default: true,
    }
    expect(list.body).toMatchObject({ object: 'list', data: [{ ...model, native_size: 512 }] })
    expect((await send('/v1/models/test-model', { method: 'GET' })).body).toMatchObject(model)
    const none = await send<Failure & { code: string }>('/v1/models/none', { method: 'GET' })
    expect(none.headers.get('content-type')).toBe('application/problem+json')
    expect(none.body).toMatchObject({ code: 'not_found', error: { type: 'invalid_request_error' } })
  })
})

describe('errors', () => {
  const cat: Part = ['prompt', 'a cat']
  it.each<[string, Part[], number, string | null, string]>([
    ['no image', [cat], 400, 'image', 'image_required'],
    ['two images', [cat, ['image[]', mask], ['image[]', mask]], 400, 'image', 'not_supported'],
    ['too many pictures', [cat, ['n', '11']], 400, 'n', 'invalid_fields'],
    ['no size', [cat, ['size', 'large']], 400, 'size', 'invalid_fields'],
    ['a transparent background', [cat, ['background', 'transparent']], 400, 'background', 'not_supported'],
    ['an unknown model', [cat, ['image', mask], ['model', 'sd15']], 404, 'model', 'model_not_found'],
    ['no picture', [cat, ['image', Buffer.from('text')]], 400, 'image', 'invalid_image'],
    ['a wrong own field', [cat, ['image', mask], ['strength', '7']], 400, 'strength', 'invalid_fields'],
  ])('%s', async (_, parts, status, param, code) => {
    const answer = await edit<Failure>(parts)
    expect([answer.status, answer.body.error.param, answer.body.error.code]).toEqual([status, param, code])
    expect(answer.body.error.type).toBe('invalid_request_error')
    expect(answer.body.error.message).not.toBe('')
  })

  it('a mask without transparency is not guessed at', async () => {
    const { status, body } = await edit<Failure>([cat, ['image', picture], ['mask', picture]])
    expect([status, body.error.code, body.error.param]).toEqual([400, 'invalid_mask_image_format', 'mask'])
  })

  it('whatever goes wrong has the shape, at every status', async () => {
    const seen = []
    for (const [path, init] of [
      ['/v1/images/edits', { body: '{' }],
      ['/v1/images/edits', {}],
      ['/v1/images/edits', { body: '[]' }],
      ['/v1/images/edits', { body: '--x--', headers: { 'content-type': 'multipart/form-data; boundary=x' } }],
      ['/v1/images/edits', { body: 'x', headers: { 'content-type': 'multipart/form-data' } }],
      ['/v1/images/edits', { method: 'GET' }],
      ['/v1/chat/completions', { body: '{}' }],
      ['/v1/images/nothing', { body: '{}' }],
      ['/v1/images/generations', { body: `{"prompt":"${'x'.repeat(90e6)}"}` }],
      ['/v1/images/generations', { body: '{}', headers: { 'content-encoding': 'gzip' } }],
    ] as [string, RequestInit][]) {
      const { status, body } = await send<Failure>(path, init)
      expect(body.error, path).toMatchObject({ message: expect.stringMatching(/./), type: 'invalid_request_error' })
      seen.push(status)
    }
    expect(seen).toEqual([400, 400, 400, 400, 400, 405, 404, 404, 413, 415])
  })
})

describe('waiting', () => {
  it('begins with blanks where it takes long', async () => {
    const slow = await startService(inject('redisUrl'), { heartbeatMs: 10 })
    const worker = await startConsumer(slow, 20)
    try {
      const answer = await fetch(`${slow.url}/v1/images/generations`, {
        method: 'POST',
        body: JSON.stringify({ prompt: 'a cat', steps: 10, size: '64x64' }),
      })
      const text = await answer.text()
      expect(text).toMatch(/^ +\{/)
      expect(JSON.parse(text).data).toHaveLength(1)
    } finally {
      await worker.shutdown()
      await slow.close()
    }
  })

  it('streams views on the way and each picture at the end', async () => {
    const answer = await fetch(`${service.url}/v1/images/generations`, {
      method: 'POST',
      body: JSON.stringify({ prompt: 'a cat', n: 2, stream: true, steps: 5, size: '64x64', output_format: 'jpeg' }),
    })
    expect(answer.headers.get('content-type')).toMatch(/^text\/event-stream/)
    const events = (await answer.text()).trim().split('\n\n')
    const parsed = events
      .filter((event) => event !== ':')
      .map((event) => JSON.parse(event.replace(/^event: .*\ndata: /, '')))
    expect(parsed.map(({ type }) => type)).toEqual(['image_generation.completed', 'image_generation.completed'])
    expect(parsed[0]).toMatchObject({ size: '64x64', output_format: 'jpeg', usage: { total_tokens: 0 } })
    expect(Buffer.from(parsed[1].b64_json, 'base64').subarray(0, 3).toString('hex')).toBe('89504e')
  })

  it('answers what is refused before a stream as without one', async () => {
    const { status, body } = await generate<Failure>({ prompt: 'a cat', stream: true, model: 'nobody' })
    expect([status, body.error.code]).toEqual([404, 'model_not_found'])
  })

  it('joins the job that a repeat repeats, and no other', async () => {
    const ask = (count: string, seed: number) =>
      send<Images>('/v1/images/generations', {
        body: JSON.stringify({ prompt: 'a repeated cat', size: '64x64', seed }),
        headers: { 'x-stainless-retry-count': count },
      })
    const first = await ask('0', 3)
    const again = await ask('1', 3)
    const other = await ask('1', 4)
    const ids = [first, again, other].map(({ headers }) => headers.get('x-pentimento-job'))
    expect(ids[1]).toBe(ids[0])
    expect(ids[2]).not.toBe(ids[0])
  })
})
