import { setTimeout as sleep } from 'node:timers/promises'
import { encode } from '@pentimento/images'
import type { Consumer } from '@pentimento/state'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { startConsumer } from '../testing/consumer.ts'
import { isOfA1111, isOfDialect, routesOf } from '../testing/routes.ts'
import { openJobs, startService, type TestService } from '../testing/service.ts'

let service: TestService
let consumer: Consumer
let mine: string
let theirs: string
let picture: string

beforeAll(async () => {
  service = await startService(inject('redisUrl'), { auth: 'keys' })
  consumer = await startConsumer(service)
  const make = async (tenant: string) =>
    (await service.state.tenants.createKey({ tenant, scopes: ['submit', 'read'] })).token
  ;[mine, theirs] = [await make('mine'), await make('theirs')]
  const data = new Uint8Array(64 * 64 * 3).fill(90)
  picture = (await encode({ width: 64, height: 64, data }, { format: 'png', quality: null, metadata: null })).toString(
    'base64',
  )
})

afterAll(async () => {
  await consumer.shutdown()
  await service.close()
})

async function call(token: string, method: string, path: string, body?: unknown) {
  const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body)
  const authorization = isOfA1111(path) ? `Basic ${btoa(`user:${token}`)}` : `Bearer ${token}`
  const answer = await fetch(`${service.url}${path}`, {
    method,
    // A1111's clients, and Replicate's on some routes, name no type.
    headers: { authorization, ...(path.startsWith('/v1/') && text && { 'content-type': 'application/json' }) },
    ...(text !== undefined && { body: text }),
  })
  const said = await answer.text()
  const isJson = /json/.test(answer.headers.get('content-type') ?? '')
  return { status: answer.status, headers: answer.headers, body: isJson && said !== '' ? JSON.parse(said) : null }
}

it('lets nobody in without a key, on any route', async () => {
  const routes = routesOf(service.app).filter(
    ({ path, method }) => (isOfDialect(path) || path.startsWith('/v1/images/')) && method !== 'HEAD',
  )
  expect(routes.length).toBeGreaterThan(60)
  for (const { method, path } of routes) {
    const filled = path.replace(':owner', 'pentimento').replace(/:\w+/g, 'x')
    const { status } = await call('pmt_nobody', method, filled)
    expect(status, `${method} ${path}`).toBe(401)
  }
})

it('says in each dialect that a key may not submit', async () => {
  const { token } = await service.state.tenants.createKey({ tenant: 'reader', scopes: ['read'] })
  for (const [path, body] of [
    ['/sdapi/v1/txt2img', { prompt: 'p' }],
    ['/replicate/v1/predictions', { version: 'test-model', input: { prompt: 'p' } }],
    ['/v1/images/generations', { prompt: 'p' }],
  ] as const) {
    const { status, body: said } = await call(token, 'POST', path, body)
    expect(status, path).toBe(403)
    expect(said.error?.message ?? said.detail, path).toBeTypeOf('string')
  }
})

it('shows a foreign key nothing of a job, whichever API made it and whichever is asked', async () => {
  const small = { prompt: 'p', width: 64, height: 64, steps: 1 }
  const made = [
    await call(mine, 'POST', '/v1/images/generations', { ...small, size: '64x64' }),
    await call(mine, 'POST', '/sdapi/v1/txt2img', small),
    await call(mine, 'POST', '/replicate/v1/predictions', { version: 'test-model', input: small }),
  ]
  expect(made.map(({ status }) => status)).toEqual([200, 200, 202])
  await service.state.jobs.wait('mine', made[2]?.body.id, { timeoutMs: 20_000, signal: new AbortController().signal })
  const { jobs } = await service.state.jobs.list('mine', { limit: 3 })
  expect(jobs.map(({ request }) => request.metadata.via)).toEqual(['replicate', 'a1111', 'openai'])
  const figures = await service.metrics.scrape()
  for (const via of ['openai', 'a1111', 'replicate'])
    expect(figures).toContain(`pentimento_jobs_submitted_total{kind="txt2img",model="test-model",via="${via}"} `)
  const asked: [method: string, path: string][] = [
    ['GET', '/v1/jobs/ID'],
    ['GET', '/v1/jobs/ID/images/0'],
    ['GET', '/v1/jobs/ID/events'],
    ['POST', '/v1/jobs/ID/cancel'],
    ['GET', '/replicate/v1/predictions/ID'],
    ['POST', '/replicate/v1/predictions/ID/cancel'],
    ['GET', '/replicate/v1/predictions/ID/output/0'],
  ]
  for (const { id } of jobs) {
    for (const [method, path] of asked)
      expect((await call(theirs, method, path.replace('ID', id))).status, `${method} ${path}`).toBe(404)
    // Nor as what a picture is made from: the address asks for a key, and no other way leads to it.
    const url = `${service.url}/v1/jobs/${id}/images/0`
    const stolen = [
      await call(theirs, 'POST', '/v1/images/edits', { ...small, image: { url } }),
      await call(theirs, 'POST', '/v1/images/edits', { ...small, image_job: id }),
      await call(theirs, 'POST', '/sdapi/v1/img2img', { ...small, init_images: [url] }),
      await call(theirs, 'POST', '/replicate/v1/predictions', {
        version: 'test-model',
        input: { ...small, image: url },
      }),
      await call(theirs, 'POST', '/v1/img2img', { ...small, image_job: id }),
    ]
    for (const { status } of stolen) expect([400, 401, 422]).toContain(status)
    expect((await call(mine, 'GET', `/replicate/v1/predictions/${id}`)).body.status).toBe('succeeded')
  }
  expect((await call(theirs, 'GET', '/v1/jobs')).body.data).toEqual([])
  expect((await call(theirs, 'GET', '/replicate/v1/predictions')).body.results).toEqual([])
  expect((await call(theirs, 'GET', '/sdapi/v1/progress')).body.progress).toBe(0)
})

it('keeps what tenants set, run and put down apart', async () => {
  await call(mine, 'POST', '/sdapi/v1/options', { CLIP_stop_at_last_layers: 3 })
  expect((await call(mine, 'GET', '/sdapi/v1/options')).body.CLIP_stop_at_last_layers).toBe(3)
  expect((await call(theirs, 'GET', '/sdapi/v1/options')).body.CLIP_stop_at_last_layers).toBe(1)
  const form = new FormData()
  form.append('content', new Blob([Buffer.from(picture, 'base64')]), 'a.png')
  const headers = { authorization: `Bearer ${mine}` }
  const put = await fetch(`${service.url}/replicate/v1/files`, { method: 'POST', headers, body: form })
  const { id, urls } = (await put.json()) as { id: string; urls: { get: string } }
  expect(put.status).toBe(201)
  for (const [method, path] of [
    ['GET', ''],
    ['GET', '/download'],
    ['DELETE', ''],
  ] as const)
    expect((await call(theirs, method, `/replicate/v1/files/${id}${path}`)).status).toBe(404)
  expect((await call(theirs, 'GET', '/replicate/v1/files')).body.results).toEqual([])
  const input = { image: urls.get, prompt: 'p', num_inference_steps: 2 }
  expect((await call(theirs, 'POST', '/replicate/v1/predictions', { version: 'test-model', input })).status).toBe(422)
  expect((await call(mine, 'POST', '/replicate/v1/predictions', { version: 'test-model', input })).status).toBe(202)
  expect((await call(mine, 'DELETE', `/replicate/v1/files/${id}`)).status).toBe(204)
})

it('does not end, and does not show, what another tenant has under way', async () => {
  await consumer.shutdown()
  const body = { init_images: [picture], prompt: 'p', width: 64, height: 64 }
  const answer = call(mine, 'POST', '/sdapi/v1/img2img', body)
  while ((await call(mine, 'GET', '/sdapi/v1/progress')).body.progress === 0) await sleep(20)
  expect((await call(theirs, 'GET', '/sdapi/v1/progress')).body.progress).toBe(0)
  await call(theirs, 'POST', '/sdapi/v1/interrupt')
  consumer = await startConsumer(service)
  expect((await answer).body.images).toHaveLength(1)
})

const odd = fc.oneof(
  fc.constantFrom(
    null,
    '',
    'true',
    -1,
    0,
    1e308,
    'NaN',
    [],
    {},
    [null],
    '漢'.repeat(3000),
    'data:image/png;base64,',
    'https://[::]/',
    'euler a',
    '<lora:x:1>',
    { args: [true] },
  ),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.double(),
  fc.boolean(),
)
const names = {
  a1111:
    'prompt negative_prompt seed subseed subseed_strength sampler_name sampler_index scheduler batch_size n_iter steps cfg_scale width height denoising_strength mask mask_blur mask_blur_x inpainting_fill inpaint_full_res inpaint_full_res_padding inpainting_mask_invert resize_mode init_images alwayson_scripts script_name override_settings clip_skip styles force_task_id send_images enable_hr hr_scale hr_upscaler hr_resize_x hr_second_pass_steps hr_prompt'.split(
      ' ',
    ),
  replicate:
    'prompt negative_prompt image mask prompt_strength strength num_outputs num_inference_steps guidance_scale scheduler seed width height size aspect_ratio output_format output_quality semantics mask_blur inpaint_area'.split(
      ' ',
    ),
}
const unit = fc.dictionary(
  fc.constantFrom(
    ...'image input_image mask module model weight resize_mode control_mode guidance_end threshold_a processor_res enabled'.split(
      ' ',
    ),
  ),
  odd,
  { maxKeys: 6 },
)
const unitArgs = fc.array(fc.oneof({ weight: 4, arbitrary: unit }, odd), { maxLength: 4 })
const bodyOf = (known: string[]) =>
  fc.dictionary(fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...known) }, fc.string()), odd, { maxKeys: 5 })

it('answers whatever is sent, in its own way and without a fault of ours, and loses nothing', async () => {
  const small = { width: 64, height: 64, steps: 1 }
  const bodies = fc.sample(fc.tuple(bodyOf(names.a1111), bodyOf(names.replicate), fc.json({ maxDepth: 3 }), unitArgs), {
    numRuns: Number(process.env.FUZZ_BODIES ?? 60),
    seed: Number(process.env.FUZZ_SEED ?? 19),
  })
  for (const [a1111, replicate, json, args] of bodies) {
    const units = { alwayson_scripts: { ControlNet: { args } } }
    const calls: [string, unknown][] = [
      ['/sdapi/v1/img2img', { init_images: [picture], ...small, ...a1111, batch_size: 1 }],
      ['/sdapi/v1/txt2img', { ...small, ...a1111, batch_size: 1 }],
      ['/sdapi/v1/img2img', { init_images: [picture], ...small, ...units }],
      ['/controlnet/detect', { controlnet_module: a1111.prompt, controlnet_input_images: [a1111.mask ?? picture] }],
      ['/sdapi/v1/options', { ...a1111, sd_model_checkpoint: undefined }],
      ['/sdapi/v1/png-info', { image: a1111.mask ?? picture }],
      ['/sdapi/v1/extra-single-image', { image: picture, upscaling_resize: a1111.seed, ...a1111 }],
      [
        '/replicate/v1/predictions',
        { version: 'test-model', input: { image: `data:;base64,${picture}`, num_inference_steps: 2, ...replicate } },
      ],
      ['/sdapi/v1/txt2img', json.slice(0, -1)],
      ['/replicate/v1/models/pentimento/test-model/predictions', json],
    ]
    for (const [path, body] of calls) {
      const { status, body: said } = await call(mine, 'POST', path, body)
      expect(
        status,
        `${path} ${JSON.stringify(body).slice(0, 500)} ${JSON.stringify(said).slice(0, 300)}`,
      ).toBeLessThan(500)
      if (status >= 400) expect(typeof said.detail, path).toBe('string')
    }
  }
  await expect.poll(() => openJobs(service, 'mine'), { timeout: 60_000 }).toBe(0)
})
