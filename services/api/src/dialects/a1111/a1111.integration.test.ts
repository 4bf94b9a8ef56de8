import { setTimeout as sleep } from 'node:timers/promises'
import { decodeRgb, encode } from '@pentimento/images'
import type { Consumer } from '@pentimento/state'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { decodeLimits } from '../../submit/decoding.ts'
import { startConsumer } from '../../testing/consumer.ts'
import { request, startService, type TestService, testModel } from '../../testing/service.ts'

let service: TestService
let consumer: Consumer
let picture: string

beforeAll(async () => {
  service = await startService(inject('redisUrl'), { heartbeatMs: 300 })
  consumer = await startConsumer(service)
  const data = new Uint8Array(64 * 64 * 3).fill(90)
  const png = await encode({ width: 64, height: 64, data }, { format: 'png', quality: null, metadata: null })
  picture = png.toString('base64')
})

afterAll(async () => {
  await consumer.shutdown()
  await service.close()
})

interface Answer {
  images: string[]
  parameters: Record<string, unknown>
  info: string
  detail: string
  error: string
}

const post = (path: string, body: unknown, headers: Record<string, string> = { 'content-type': 'application/json' }) =>
  request<Answer>(`${service.url}/sdapi/v1/${path}`, {
    method: 'POST',
    headers,
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
const get = async <T = unknown>(path: string) => (await request<T>(`${service.url}${path}`)).body

const img2img = (more: object = {}) =>
  post('img2img', { init_images: [picture], prompt: 'a strawberry', width: 64, height: 64, steps: 4, ...more })

const jobs = async () =>
  (
    await get<{
      data: { kind: string; metadata: unknown; parameters: Record<string, unknown>; warnings: unknown[] }[]
    }>('/v1/jobs')
  ).data

describe('img2img', () => {
  it('answers with pictures, the request as understood, and info as text', async () => {
    const { status, body } = await img2img({
      batch_size: 2,
      seed: 7,
      sampler_name: 'DPM++ 2M Karras',
      unknown_field: 1,
    })
    expect(status, JSON.stringify(body)).toBe(200)
    expect(body.images).toHaveLength(2)
    for (const image of body.images) expect(image).toMatch(/^iVBORw0KGgo/)
    expect(body.parameters).toMatchObject({ batch_size: 2, n_iter: 1, save_images: false, init_images: null, seed: 7 })
    expect(JSON.parse(body.info)).toMatchObject({
      seed: 7,
      all_seeds: [7, 8],
      sampler_name: 'DPM++ 2M',
      index_of_first_image: 0,
    })
    expect((await jobs())[0]).toMatchObject({
      kind: 'img2img',
      metadata: { via: 'a1111' },
      parameters: { schedule: 'karras' },
    })
  })

  it("has AUTOMATIC1111's defaults and not ours", async () => {
    await post('img2img', { init_images: [`data:image/png;base64,${picture}`], mask: picture, prompt: 'p', steps: 2 })
    expect((await jobs())[0]).toMatchObject({
      kind: 'inpaint',
      parameters: {
        width: 512,
        masked_content: 'fill',
        inpaint_area: 'masked',
        mask_padding: 0,
        mask_blur: 4,
        strength: 0.75,
        mask_mode: 'white',
      },
    })
  })

  it.each([
    [
      'a scheduler beside a sampler that names one',
      { sampler_name: 'DPM++ 2M Karras', scheduler: 'Automatic' },
      { sampler: 'dpmpp_2m', schedule: 'automatic' },
    ],
    [
      'a sampler index and a label of a scheduler',
      { sampler_index: 'DDIM', scheduler: 'SGM Uniform' },
      { sampler: 'ddim', schedule: 'sgm_uniform' },
    ],
    ['a sampler that there is not', { sampler_name: 'Restart' }, { sampler: 'heun' }],
    [
      'a float, null and text for numbers',
      { override_settings: { CLIP_stop_at_last_layers: 2.0 }, denoising_strength: null, cfg_scale: '0' },
      { clip_skip: 2, strength: 0.75, guidance_scale: 1 },
    ],
    [
      'integers for truth values',
      { mask: 'PICTURE', inpaint_full_res: 0, inpainting_mask_invert: '1', inpainting_fill: 1 },
      { inpaint_area: 'whole', mask_mode: 'black', masked_content: 'original' },
    ],
    ['an unequal blur', { mask: 'PICTURE', mask_blur_x: 3, mask_blur_y: 8 }, { mask_blur: 6 }],
    ['units that are off', { alwayson_scripts: { ControlNet: { args: [] }, ADetailer: { args: [false, {}] } } }, {}],
  ])('understands %s', async (_, more, parameters) => {
    const { status, body } = await img2img(JSON.parse(JSON.stringify(more).replace('PICTURE', picture)))
    expect(status, JSON.stringify(body)).toBe(200)
    expect((await jobs())[0]?.parameters).toMatchObject(parameters)
  })

  it.each([
    ['no picture', { init_images: [] }, 422, 'Init image not found'],
    ['a picture that is none', { init_images: ['AAAA'] }, 422, 'init_images: '],
    [
      'a script that is on',
      { alwayson_scripts: { ADetailer: { args: [true, { ad_model: 'x' }] } } },
      422,
      'always on script ADetailer not found',
    ],
    [
      'a unit where there is no ControlNet',
      { alwayson_scripts: { controlnet: { args: [{ model: 'x' }] } } },
      422,
      'ControlNet model: ',
    ],
    [
      'a preprocessor that there is not',
      { alwayson_scripts: { ControlNet: { args: [{ enabled: false }, { model: 'x', module: 'depth' }] } } },
      422,
      'ControlNet unit 1 module: module(depth) not found',
    ],
    ['a script', { script_name: 'X/Y/Z plot' }, 422, "Script 'X/Y/Z plot' not found"],
    ['a network that is not there', { prompt: '<lora:x:1>' }, 422, 'there is no LoRA "x"'],
    ['words for a number', { steps: 'many' }, 422, 'steps: must be a number'],
  ])('refuses %s in its own words', async (_, more, status, detail) => {
    const answer = await img2img(more)
    expect([answer.status, answer.body.error]).toEqual([status, 'HTTPException'])
    expect(answer.body.detail).toContain(detail)
  })

  it('scales to the size that was asked for, and says so', async () => {
    const { body } = await img2img({ width: 1536, height: 768 })
    const png = Buffer.from(body.images[0] ?? '', 'base64')
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([1536, 768])
    expect(JSON.parse(body.info).extra_generation_params.Warnings).toContain('painted at 1024x512')
    expect((await jobs())[0]).toMatchObject({
      parameters: { width: 1024, height: 512 },
      warnings: [{ code: 'size_fitted' }],
    })
  })

  it('makes as many jobs as the pictures need', async () => {
    const { body } = await img2img({ batch_size: 3, n_iter: 4, seed: 100 })
    expect(JSON.parse(body.info).all_seeds).toEqual(Array.from({ length: 12 }, (_, i) => 100 + i))
    expect(body.images).toHaveLength(12)
  })

  it('reads a body under any type, or none', async () => {
    const body = JSON.stringify({ init_images: [picture], width: 64, height: 64, steps: 1 })
    for (const headers of [{ 'content-type': 'text/plain' }, { 'content-type': 'application/x-www-form-urlencoded' }])
      expect((await post('img2img', body, headers)).status).toBe(200)
  })

  it('gives the picture back where a mask repaints nothing', async () => {
    const black = await encode(
      { width: 64, height: 64, data: new Uint8Array(64 * 64 * 3) },
      { format: 'png', quality: null, metadata: null },
    )
    const { status, body } = await img2img({ mask: black.toString('base64'), width: 128, height: 128 })
    expect([status, body.images.length]).toEqual([200, 1])
    expect(Buffer.from(body.images[0] ?? '', 'base64').readUInt32BE(16)).toBe(128)
  })
})

describe('hires fix', () => {
  const asked = { prompt: 'p', width: 256, height: 128, steps: 2, enable_hr: true, denoising_strength: 0.5 }

  it.each([
    ['twice as large, if nothing is said', {}, { width: 256, height: 128, upscale: 2, hires_steps: 2 }],
    ['by a scale', { hr_scale: 1.5, hr_second_pass_steps: 7 }, { upscale: 1.5, hires_steps: 7 }],
    ['to a width', { hr_resize_x: 768, hr_scale: 4 }, { upscale: 3 }],
    ['to both sides', { hr_resize_x: 512, hr_resize_y: 256 }, { upscale: 2 }],
    ['that the model cannot paint', { width: 512, hr_scale: 4 }, { width: 256, height: 64, upscale: 4 }],
    ['from what it cannot paint', { width: 1536, height: 768 }, { width: 512, height: 256, upscale: 2 }],
    ['with words for the usual', { hr_sampler_name: 'Use same sampler', hr_prompt: 'p' }, { upscale: 2 }],
  ])('paints a second time, %s', async (_, more, parameters) => {
    const { status, body } = await post('txt2img', { ...asked, ...more })
    expect(status, JSON.stringify(body)).toBe(200)
    const [job] = await jobs()
    expect(job?.parameters).toMatchObject({ hires_strength: 0.5, upscaler: 'lanczos', ...parameters })
    expect(JSON.parse(body.info).extra_generation_params.Ignored).toContain('hr_upscaler Latent')
  })

  it('gives the size that was asked for, and says how', async () => {
    const { body } = await post('txt2img', { ...asked, width: 1024, height: 512, hr_scale: 1.5 })
    const png = Buffer.from(body.images[0] ?? '', 'base64')
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([1536, 768])
    expect(JSON.parse(body.info).extra_generation_params.Warnings).toContain('painted at 680x336 and 1024x504')
  })

  it.each([
    ['another prompt', { hr_prompt: 'q' }, 'hr_prompt: '],
    ['another sampler', { hr_sampler_name: 'Euler' }, 'hr_sampler_name: '],
    ['an upscaler that there is not', { hr_upscaler: 'R-ESRGAN 4x+' }, 'could not find upscaler named R-ESRGAN 4x+'],
    ['another shape', { hr_resize_x: 512, hr_resize_y: 512 }, 'hr_resize_x: '],
    ['a scale beyond ours', { hr_scale: 8 }, 'hr_scale: '],
  ])('refuses %s', async (_, more, detail) => {
    const { status, body } = await post('txt2img', { ...asked, ...more })
    expect([status, body.error]).toEqual([422, 'HTTPException'])
    expect(body.detail).toContain(detail)
  })

  it('is none of img2img', async () => {
    expect((await img2img({ enable_hr: true, hr_prompt: 'q' })).status).toBe(200)
    expect((await jobs())[0]?.parameters.upscale).toBe(1)
  })
})

describe('the routes of sd-webui-controlnet', () => {
  it('say what there is', async () => {
    expect(await get('/controlnet/version')).toEqual({ version: 3 })
    expect(await get('/controlnet/settings')).toEqual({ control_net_unit_count: 3 })
    const named = await get<{ module_list: string[]; module_detail: Record<string, { sliders: object[] }> }>(
      '/controlnet/module_list',
    )
    expect(named.module_list).toEqual(expect.arrayContaining(['none', 'canny', 'invert', 'inpaint']))
    expect(named.module_detail.canny?.sliders).toHaveLength(3)
    const labels = await get<{ module_list: string[] }>('/controlnet/module_list?alias_names=true')
    expect(labels.module_list).toContain('invert (from white bg & black line)')
    const scripts = await get<{ txt2img: string[]; img2img: string[] }>('/sdapi/v1/scripts')
    for (const list of [scripts.txt2img, scripts.img2img]) expect(list).toContain('controlnet')
    const infos = await get<{ name: string; is_alwayson: boolean }[]>('/sdapi/v1/script-info')
    expect(infos.find(({ name }) => name === 'controlnet')).toMatchObject({ is_alwayson: true })
    expect(await get('/controlnet/model_list?update=true')).toEqual({ model_list: [] })
  })

  const detect = (body: object) =>
    request<Answer>(`${service.url}/controlnet/detect`, { method: 'POST', body: JSON.stringify(body) })

  it('make edges and negatives', async () => {
    const halves = await encode(
      { width: 64, height: 64, data: Uint8Array.from({ length: 64 * 64 * 3 }, (_, i) => (i % 192 < 96 ? 0 : 240)) },
      { format: 'png', quality: null, metadata: null },
    )
    const sent = { controlnet_input_images: [halves.toString('base64')], controlnet_processor_res: 64 }
    const edges = await detect({ ...sent, controlnet_module: 'canny' })
    expect(edges.status, JSON.stringify(edges.body)).toBe(200)
    const { image } = await decodeRgb(Buffer.from(edges.body.images[0] ?? '', 'base64'), decodeLimits)
    expect([image.width, image.height]).toEqual([64, 64])
    const white = Array.from({ length: 64 }, (_, x) => image.data[(30 * 64 + x) * 3])
    expect(white.filter((value) => value === 255)).toHaveLength(1)
    const usual = await detect({ ...sent, controlnet_processor_res: -1, controlnet_module: 'canny' })
    expect(Buffer.from(usual.body.images[0] ?? '', 'base64').readUInt32BE(16)).toBe(512)
    const negative = await detect({ ...sent, controlnet_module: 'invert', controlnet_images: [] })
    const inverted = (await decodeRgb(Buffer.from(negative.body.images[0] ?? '', 'base64'), decodeLimits)).image
    expect([inverted.data[0], inverted.data[63 * 3]]).toEqual([255, 15])
  })

  it.each([
    ['a module that there is not', { controlnet_module: 'openpose' }, 'Module not available; there are none, canny'],
    ['one that reads references', { controlnet_module: 'ip-adapter-auto' }, 'Module not supported'],
    ['no picture', {}, 'No image selected'],
    ['what is no picture', { controlnet_input_images: ['AAAA'] }, 'controlnet_input_images: '],
    ['no texts', { controlnet_input_images: [7] }, 'Invalid encoded image'],
    ['more than at once', { controlnet_input_images: Array(5).fill('A') }, 'at most 4'],
  ])('refuse %s', async (_, body, detail) => {
    const answer = await detect(body)
    expect([answer.status, answer.body.error]).toEqual([422, 'HTTPException'])
    expect(answer.body.detail).toContain(detail)
  })
})

it('lists LoRAs, embeddings and upscalers that some model takes', async () => {
  const adapter = { alias: null, family: 'sd1', unfit: {} }
  await service.state.workers.announce({
    workerId: 'with-adapters',
    state: 'ready',
    device: 'cpu',
    deviceMemory: null,
    models: [{ ...testModel, id: 'test-file', layout: 'file' }],
    adapters: [
      { ...adapter, kind: 'lora', name: 'detail', alias: 'add_detail' },
      { ...adapter, kind: 'lora', name: 'of-another', family: 'sdxl' },
      { ...adapter, kind: 'embedding', name: 'easynegative' },
      { ...adapter, kind: 'upscaler', name: '4x-sharp', family: null },
      { ...adapter, kind: 'controlnet', name: 'control_canny' },
      { ...adapter, kind: 't2i-adapter', name: 'sketch' },
      { ...adapter, kind: 'ip-adapter', name: 'like' },
      { ...adapter, kind: 'controlnet', name: 'of-xl', family: 'sdxl' },
    ],
  })
  await expect
    .poll(() => get('/sdapi/v1/loras'))
    .toEqual([{ name: 'detail', alias: 'add_detail', path: 'detail.safetensors', metadata: {} }])
  expect(Object.keys((await get<{ loaded: object }>('/sdapi/v1/embeddings')).loaded)).toEqual(['easynegative'])
  const upscalers = await get<{ name: string }[]>('/sdapi/v1/upscalers')
  expect(upscalers.map(({ name }) => name)).toEqual(['None', 'Lanczos', '4x-sharp'])
  expect(await get('/controlnet/model_list')).toEqual({ model_list: ['control_canny', 'sketch', 'like'] })
  const { control_types: types } = await get<{ control_types: Record<string, object> }>('/controlnet/control_types')
  expect(types.Canny).toMatchObject({ default_model: 'control_canny', default_option: 'canny' })
  expect(types['IP-Adapter']).toMatchObject({ model_list: ['None', 'like'], default_option: 'ip-adapter-auto' })
})

it('keeps the connection alive while a job takes its time', async () => {
  const { body, headers } = await img2img({ steps: 150, n_iter: 5, denoising_strength: 1 })
  expect(headers.get('content-length')).toBeNull()
  expect(body.images).toHaveLength(5)
})

it('cancels the job of a client that leaves', async () => {
  await consumer.shutdown()
  const leaving = new AbortController()
  const answer = fetch(`${service.url}/sdapi/v1/img2img`, {
    method: 'POST',
    body: JSON.stringify({ init_images: [picture], width: 64, height: 64 }),
    signal: leaving.signal,
  }).catch(() => null)
  const status = async () => (await get<{ data: { status: string }[] }>('/v1/jobs?limit=1')).data[0]?.status
  while ((await status()) !== 'queued') await sleep(20)
  expect(await get('/sdapi/v1/progress')).toMatchObject({
    progress: 0.01,
    state: { job: 'scripts_img2img', job_count: 1 },
    textinfo: 'In queue',
  })
  leaving.abort()
  await answer
  while ((await status()) !== 'canceled') await sleep(20)
  expect(await get('/sdapi/v1/progress')).toMatchObject({ progress: 0, state: { job_count: 0 }, current_image: null })
  consumer = await startConsumer(service)
})

it('interrupts what is under way, and answers it without an error', async () => {
  await consumer.shutdown()
  const answer = img2img()
  while ((await get<{ progress: number }>('/sdapi/v1/progress')).progress === 0) await sleep(20)
  expect(await post('interrupt', undefined)).toMatchObject({ status: 200, body: {} })
  const { status, body } = await answer
  expect([status, body.images]).toEqual([200, []])
  expect(JSON.parse(body.info)).toMatchObject({ interrupted: true, all_seeds: [] })
  consumer = await startConsumer(service)
})

describe('options', () => {
  it('are read, changed, and sent back whole', async () => {
    await post('options', { samples_format: 'png' })
    const options = await get<Record<string, unknown>>('/sdapi/v1/options')
    expect(options).toMatchObject({
      sd_model_checkpoint: 'test-model',
      samples_format: 'png',
      img2img_color_correction: false,
    })
    expect(await post('options', { ...options, samples_format: 'webp' })).toMatchObject({ status: 200, body: null })
    expect((await get<Record<string, unknown>>('/sdapi/v1/options')).samples_format).toBe('webp')
    const { body } = await img2img()
    expect(body.images).toHaveLength(1)
    expect((await jobs())[0]?.parameters.output_format).toBe('webp')
    await post('options/', { samples_format: 'png' })
  })

  it('refuse a checkpoint that there is not', async () => {
    const { status, body } = await post('options', { sd_model_checkpoint: 'nothing' })
    expect([status, (body as unknown as { errors: string }).errors]).toEqual([500, "model 'nothing' not found"])
  })
})

it('answers every path in its own words', async () => {
  const answer = await request(`${service.url}/sdapi/v1/nothing`)
  expect([answer.status, answer.body]).toEqual([404, { detail: 'Not Found' }])
  expect((await request(`${service.url}/sdapi/v1/samplers`, { method: 'DELETE' })).body).toEqual({
    detail: 'Method Not Allowed',
  })
  expect((await post('img2img', '{')).body.detail).toContain('not valid JSON')
  expect((await post('img2img', `{"a":${'['.repeat(50_000)}`)).status).toBe(413)
})
