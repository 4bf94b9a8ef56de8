import { limits } from '@pentimento/contracts'
import { encode } from '@pentimento/images'
import { keys } from '@pentimento/storage'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { type Fields, formOf, request, startService, type TestService } from './testing/service.ts'

let service: TestService
let picture: Buffer
let mask: Buffer

/** A picture of `width` × `height` whose left half is `left`, the right half `right`. */
function halves(width: number, height: number, left: number, right: number): Promise<Buffer> {
  const data = new Uint8Array(width * height * 3)
  for (let i = 0; i < data.length; i++) data[i] = Math.floor(i / 3) % width < width / 2 ? left : right
  return encode({ width, height, data }, { format: 'png', quality: 90, metadata: null })
}

function submit(route: 'img2img' | 'inpaint', fields: Fields) {
  return request(`${service.url}/v1/${route}`, { method: 'POST', body: formOf(fields) })
}

/** Parameters of a job as a form sends them again. */
function asFields(parameters: object): Fields {
  const sent = Object.entries(parameters).filter(([, value]) => value !== null)
  return Object.fromEntries(sent.map(([name, value]) => [name, Array.isArray(value) ? JSON.stringify(value) : value]))
}

beforeAll(async () => {
  service = await startService(inject('redisUrl'))
  picture = await halves(96, 64, 40, 200)
  mask = await halves(48, 32, 0, 255)
})

afterAll(() => service.close())

describe('POST /v1/txt2img', () => {
  const submitText = (fields: Fields) => request(`${service.url}/v1/txt2img`, { method: 'POST', body: formOf(fields) })

  it('accepts a job of a prompt alone', async () => {
    const { status, body } = await submitText({ prompt: 'a cat', width: 256, steps: 3, seed: 5 })
    expect(status).toBe(202)
    expect(body).toMatchObject({
      kind: 'txt2img',
      status: 'queued',
      source: null,
      steps_run: 3,
      parameters: { prompt: 'a cat', width: 256, height: 256, steps: 3, step_policy: null, seed: 5 },
    })
    for (const name of ['strength', 'resize_mode', 'mask_blur']) expect(body.parameters).not.toHaveProperty(name)
    const listed = await request<{ data: { id: string }[] }>(`${service.url}/v1/jobs?kind=txt2img`)
    expect(listed.body.data.map(({ id }) => id)).toEqual([body.id])
  })

  it('refuses what speaks of a picture by its name', async () => {
    const { status, body } = await submitText({ prompt: 'a cat', strength: 0.5, image_job: 'x' })
    expect([status, body.errors?.map(({ pointer }) => pointer).sort()]).toEqual([422, ['/image_job', '/strength']])
    const file = await submitText({ prompt: 'a cat', image: picture })
    expect([file.status, file.body.code]).toEqual([400, 'invalid_multipart'])
  })
})

describe('a form as JSON, or urlencoded', () => {
  const sendText = (route: string, type: string, body: string, headers: Record<string, string> = {}) =>
    request(`${service.url}/v1/${route}`, { method: 'POST', body, headers: { 'content-type': type, ...headers } })
  const json = (route: string, fields: object, headers?: Record<string, string>) =>
    sendText(route, 'application/json', JSON.stringify(fields), headers)

  it('is the same request as the multipart form of its fields and files', async () => {
    const headers = { 'idempotency-key': 'in-every-spelling' }
    const fields = { prompt: 'a cat', strength: 0.5, steps: 3, seed: 4, embed_metadata: false }
    const form = formOf({ ...fields, metadata: '{"order":[1,null]}', image: picture, mask })
    const first = await request(`${service.url}/v1/inpaint`, { method: 'POST', body: form, headers })
    expect(first.status).toBe(202)
    const files = { image: `data:image/png;base64,${picture.toString('base64')}`, mask: mask.toString('base64') }
    const again = await json('inpaint', { ...fields, metadata: { order: [1, null] }, ...files }, headers)
    expect([again.status, again.headers.get('idempotent-replayed'), again.body.id]).toEqual([
      202,
      'true',
      first.body.id,
    ])
    const texts = Object.entries({ ...fields, metadata: '{"order":[1,null]}', ...files })
    const urlencoded = new URLSearchParams(texts.map(([name, value]): [string, string] => [name, String(value)]))
    const third = await sendText('inpaint', 'application/x-www-form-urlencoded', urlencoded.toString(), headers)
    expect(third.body.id).toBe(first.body.id)
    const other = await json('inpaint', { ...fields, steps: 4, ...files }, headers)
    expect([other.status, other.body.code]).toEqual([422, 'idempotency_mismatch'])
  })

  it('is checked by the same rules', async () => {
    const { status, body } = await json('img2img', { prompt: 7, steps: 0, soft: true, image: {} })
    expect([status, body.errors?.map(({ pointer }) => pointer).sort()]).toEqual([
      422,
      ['/image', '/prompt', '/soft', '/steps'],
    ])
    const url = await json('img2img', { prompt: 'a', image: 'https://example.com/a.png' })
    expect(url.body.errors?.[0]?.detail).toContain('image_url')
    const text = await sendText('img2img', 'text/plain', 'prompt=a')
    expect([text.status, text.body.detail]).toEqual([
      415,
      'send multipart/form-data, or application/json, or application/x-www-form-urlencoded',
    ])
    const events = await json('txt2img', { prompt: 'a', webhook_events: ['job.started', 'no'], seed: null })
    expect(events.body.errors?.map(({ pointer }) => pointer)).toEqual(['/webhook_events/1'])
    const large = await json('txt2img', { prompt: 'x'.repeat(100e6) })
    expect([large.status, large.body.code]).toEqual([413, 'payload_too_large'])
  })
})

describe('POST /v1/img2img', () => {
  it('accepts a job and shows every effective value', async () => {
    const { status, headers, body } = await submit('img2img', { prompt: 'a cat', image: picture, num_images: 2 })
    expect(status).toBe(202)
    expect(body.id).toMatch(/^job_[a-z2-7]{26}$/)
    expect(headers.get('location')).toBe(`http://pentimento.test/v1/jobs/${body.id}`)
    expect(body).toMatchObject({
      kind: 'img2img',
      status: 'queued',
      model: 'test-model',
      started_at: null,
      images: [],
      error: null,
      metadata: {},
      urls: { self: `http://pentimento.test/v1/jobs/${body.id}` },
      parameters: {
        prompt: 'a cat',
        steps: 20,
        guidance_scale: 6,
        sampler: 'dpmpp_2m',
        schedule: 'karras',
        num_images: 2,
      },
    })
    // 3:2 at the model's native area of 512², to 8.
    expect([body.parameters.width, body.parameters.height]).toEqual([624, 416])
    expect(body.parameters.seed).toBeGreaterThanOrEqual(0)
    const stored = await service.store.read(keys.inputKey('default', body.id, 'image.png'))
    expect(Buffer.from(stored ?? []).equals(picture)).toBe(true)
    const again = await request(`${service.url}/v1/jobs/${body.id}`)
    expect(again.body.parameters).toEqual(body.parameters)
  })

  it('reads every kind of field out of its text', async () => {
    const fields = {
      prompt: '',
      image: picture,
      strength: '.5',
      seed: '4294967294',
      num_images: '2',
      color_correction: 'true',
      metadata: '{"order":[1,{"a":null}]}',
      sampler: 'DPM++ 2M SDE Karras',
      output_format: 'webp',
      width: '128',
    }
    const { status, body } = await submit('img2img', fields)
    expect(status).toBe(202)
    expect(body.metadata).toEqual({ order: [1, { a: null }] })
    expect(body.parameters).toMatchObject({
      strength: 0.5,
      seed: 4294967294,
      color_correction: true,
      sampler: 'dpmpp_2m_sde',
      schedule: 'karras',
      output_quality: 90,
      width: 128,
      height: 88,
    })
  })

  it.each<[string, Fields, string, string[]]>([
    ['no prompt', { prompt: undefined }, 'invalid_fields', ['/prompt']],
    ['an unknown field', { stepz: 1 }, 'invalid_fields', ['/stepz']],
    [
      'several wrong fields',
      { steps: 0, strength: 2, width: 100 },
      'invalid_fields',
      ['/width', '/strength', '/steps'],
    ],
    ['a number that is none', { steps: 'many' }, 'invalid_fields', ['/steps']],
    ['an empty number', { seed: '' }, 'invalid_fields', ['/seed']],
    ['a boolean that is none', { embed_metadata: '1' }, 'invalid_fields', ['/embed_metadata']],
    ['an unknown sampler', { sampler: 'best' }, 'invalid_fields', ['/sampler']],
    ['a schedule beside another', { sampler: 'Euler Karras', schedule: 'normal' }, 'invalid_fields', ['/schedule']],
    ['a prompt that is too long', { prompt: 'x'.repeat(2001) }, 'invalid_fields', ['/prompt']],
    ['metadata that is no object', { metadata: '[1]' }, 'invalid_fields', ['/metadata']],
    ['a size the model does not take', { width: 2048, height: 64 }, 'invalid_fields', ['/width']],
    ['an inpaint field', { mask_blur: 4 }, 'invalid_fields', ['/mask_blur']],
    ['too few steps', { semantics: 'diffusers', steps: 1, strength: 0.1 }, 'too_few_steps', ['/strength']],
    ['too much work', { width: 1024, height: 1024, num_images: 8, steps: 150 }, 'too_much_work', ['']],
    ['an unknown model', { model: 'nobody' }, 'unknown_model', ['/model']],
    ['no image', { image: undefined }, 'image_required', ['/image']],
    ['an image as text', { image: 'text' }, 'invalid_fields', ['/image']],
    ['an image that is none', { image: Buffer.from('<svg/>') }, 'invalid_image', ['/image']],
    ['two images', { image_job: 'job_aaaaaaaaaaaaaaaaaaaaaaaaaa' }, 'invalid_fields', ['/image', '/image_job']],
    ['a webhook without a secret', { webhook_url: 'https://a.example/x' }, 'no_webhook_secret', ['/webhook_url']],
    ['a webhook in the clear', { webhook_url: 'http://a.example/x' }, 'webhook_url_refused', ['/webhook_url']],
  ])('refuses %s', async (_, fields, code, pointers) => {
    const { status, headers, body } = await submit('img2img', { prompt: 'p', image: picture, ...fields })
    expect([status, body.code]).toEqual([422, code])
    expect(headers.get('content-type')).toBe('application/problem+json')
    expect(body.errors?.map((error) => error.pointer).sort()).toEqual([...pointers].sort())
    expect(body.request_id).toBe(headers.get('x-request-id'))
  })

  it('takes the longest texts that the contract allows, all at once', async () => {
    const texts = {
      prompt: '漢'.repeat(2000),
      negative_prompt: '"'.repeat(2000),
      metadata: `{"a":"${'x'.repeat(4088)}"}`,
    }
    const { status, body } = await submit('img2img', { image: picture, ...texts })
    expect([status, body.parameters.prompt]).toEqual([202, texts.prompt])
  })

  it('refuses a truncated picture', async () => {
    const { body } = await submit('img2img', { prompt: 'p', image: picture.subarray(0, picture.length - 20) })
    expect(body).toMatchObject({ status: 422, code: 'invalid_image' })
  })
})

it('refuses what could not be checked, where all results are to be', async () => {
  const strict = await startService(inject('redisUrl'), { safety: 'block' })
  try {
    const body = formOf({ prompt: 'p', image: picture })
    const refused = await request(`${strict.url}/v1/img2img`, { method: 'POST', body })
    expect([refused.status, refused.body.code, refused.body.detail]).toEqual([
      422,
      'not_supported',
      expect.stringMatching(/are to be checked \(block\), and no worker of .* has a safety checker/),
    ])
  } finally {
    await strict.close()
  }
})

describe('POST /v1/inpaint', () => {
  it('accepts a mask of any size and keeps both files', async () => {
    const { status, body } = await submit('inpaint', { prompt: 'p', image: picture, mask, inpaint_area: 'masked' })
    expect(status).toBe(202)
    expect(body.parameters).toMatchObject({ mask_mode: 'white', mask_blur: 4, mask_padding: 32, composite: true })
    expect(await service.store.head(keys.inputKey('default', body.id, 'mask.png'))).not.toBeNull()
  })

  it('takes the transparent pixels of a mask file as the mask', async () => {
    // Two dark pixels, the second one transparent.
    const hole = Buffer.from(
      'iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAYAAAD0In+KAAAACXBIWXMAAAPoAAAD6AG1e1JrAAAAEUlEQVQImWPgEpH7zyUixwAABzQBeC9g1TYAAAAASUVORK5CYII=',
      'base64',
    )
    const { status, body } = await submit('inpaint', { prompt: 'p', image: picture, mask: hole, mask_mode: 'alpha' })
    expect(status).toBe(202)
    expect(body.parameters).toMatchObject({ mask_mode: 'alpha' })
  })

  it('lets the canvas grow, with a mask, with an empty one, and without', async () => {
    const black = await halves(32, 32, 0, 0)
    for (const own of [{}, { mask }, { mask: black }, { mask: black, mask_mode: 'white' }]) {
      const { status, body } = await submit('inpaint', { prompt: 'p', image: picture, extend_right: 32, ...own })
      expect([status, body.detail]).toEqual([202, undefined])
      expect(body.parameters).toMatchObject({ width: 128, height: 64, extend_right: 32, extend_top: 0 })
      const { parameters } = body
      const again = await submit('inpaint', { image: picture, ...own, ...asFields(parameters) })
      expect(again.body.parameters).toEqual(parameters)
    }
    const refused = await submit('inpaint', { prompt: 'p', image: picture, extend_right: 1025 })
    expect(refused.body).toMatchObject({ code: 'invalid_fields', errors: [{ pointer: '/extend_right' }] })
    const other = await submit('img2img', { prompt: 'p', image: picture, extend_right: 8 })
    expect(other.body).toMatchObject({ code: 'invalid_fields', errors: [{ pointer: '/extend_right' }] })
  })

  it('refuses masks that repaint nothing, and opaque pictures without one', async () => {
    const black = await halves(32, 32, 0, 0)
    expect((await submit('inpaint', { prompt: 'p', image: picture, mask: black })).body.code).toBe('empty_mask')
    expect((await submit('inpaint', { prompt: 'p', image: picture })).body.code).toBe('mask_required')
    const blackMode = { prompt: 'p', image: picture, mask: black, mask_mode: 'black' }
    expect((await submit('inpaint', blackMode)).status).toBe(202)
    const opaque = await submit('inpaint', { prompt: 'p', image: picture, mask, mask_mode: 'alpha' })
    expect(opaque.body).toMatchObject({
      code: 'empty_mask',
      errors: [{ pointer: '/mask', detail: expect.stringContaining('no transparent pixel') }],
    })
    const unsupported = await submit('inpaint', { prompt: 'p', image: picture, mask, soft: 'true' })
    expect(unsupported.body).toMatchObject({ code: 'not_supported', errors: [{ pointer: '/soft' }] })
  })
})

it('says a sentence once that is true of several fields', async () => {
  const { body } = await submit('img2img', { prompt: 'p', image: picture, width: 1032, height: 1032 })
  expect(body.detail).toBe('this model takes 64 to 1024 pixels; not 1032')
  expect(body.errors?.map(({ pointer }) => pointer)).toEqual(['/width', '/height'])
})

describe('limits', () => {
  it('are told by /v1/capabilities', async () => {
    const { body } = await request<{ limits: Record<string, number>; samplers: unknown[] }>(
      `${service.url}/v1/capabilities`,
    )
    expect(body.limits).toMatchObject({ image_bytes: limits.imageBytes, pixel_steps_max: limits.pixelStepsMax })
    expect(body.samplers).toHaveLength(15)
  })
})
