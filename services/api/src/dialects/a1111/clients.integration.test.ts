import { createRequire } from 'node:module'
import { encode } from '@pentimento/images'
import type { Consumer } from '@pentimento/state'
import A1111WebuiApi from 'a1111-webui-api'
// @ts-expect-error its types are not among its exports
import sdwebui from 'node-sd-webui'
import StableDiffusionApi from 'stable-diffusion-api'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { startConsumer } from '../../testing/consumer.ts'
import { startService, type TestService } from '../../testing/service.ts'

/** What the classes of both packages have. */
interface Api {
  setAuth(user: string, password: string): unknown
  txt2img(options: object): Promise<Result>
  img2img(options: object): Promise<Result>
  getProgress(): Promise<{ progress: number; state: { job_count: number } }>
  getOptions(): Promise<Record<string, unknown>>
  setOptions(options: object): Promise<unknown>
  getSamplers(): Promise<{ name: string }[]>
  getUpscalers(): Promise<{ name: string }[]>
  getSdModels(): Promise<{ title: string }[]>
  getCurrentModel(): Promise<string>
  extraSingle(options: object): Promise<Result>
}
interface Result {
  image: { metadata(): Promise<{ width?: number }> }
  images: unknown[]
  info: { all_seeds?: number[] } | string
}

let service: TestService
let consumer: Consumer
let key: string
let grey: Buffer
let white: Buffer

const plain = (value: number) =>
  encode(
    { width: 64, height: 64, data: new Uint8Array(64 * 64 * 3).fill(value) },
    { format: 'png', quality: null, metadata: null },
  )

beforeAll(async () => {
  service = await startService(inject('redisUrl'), { auth: 'keys' })
  consumer = await startConsumer(service)
  key = (await service.state.tenants.createKey({ tenant: 'a', scopes: ['submit', 'read'] })).token
  ;[grey, white] = [await plain(90), await plain(255)]
})

afterAll(async () => {
  await consumer.shutdown()
  await service.close()
})

async function newest() {
  const answer = await fetch(`${service.url}/v1/jobs?limit=1`, { headers: { authorization: `Bearer ${key}` } })
  const { data } = (await answer.json()) as { data: { kind: string; parameters: Record<string, unknown> }[] }
  return data[0]
}

describe.each([
  ['stable-diffusion-api', StableDiffusionApi],
  ['a1111-webui-api', A1111WebuiApi],
])('%s', (name, Class) => {
  const Constructor = ('default' in Class ? Class.default : Class) as new (options: object) => Api
  /** Pictures are objects of its own sharp. */
  const load = createRequire(createRequire(import.meta.url).resolve(name))('sharp')
  const sharp = (load.default ?? load) as (bytes: Buffer) => unknown
  const open = (password = key) => {
    const api = new Constructor({ baseUrl: service.url })
    api.setAuth('user', password)
    return api
  }

  it('paints anew, and inside of a mask', async () => {
    const options = { init_images: [sharp(grey)], prompt: 'p', width: 64, height: 64, steps: 2, seed: 3, batch_size: 2 }
    const result = await open().img2img(options)
    expect([result.images.length, (await result.image.metadata()).width]).toEqual([2, 64])
    const masked = await open().img2img({ ...options, mask_image: sharp(white), inpainting_fill: 1 })
    expect(masked.images).toHaveLength(2)
    expect(await newest()).toMatchObject({
      kind: 'inpaint',
      parameters: { mask_mode: 'white', masked_content: 'original', seed: 3 },
    })
  })

  it('paints from words', async () => {
    const result = await open().txt2img({ prompt: 'p', width: 64, height: 64, steps: 2 })
    expect(result.images).toHaveLength(1)
    expect((await newest())?.kind).toBe('txt2img')
  })

  it('reads and changes what there is', async () => {
    const api = open()
    expect(await api.getProgress()).toMatchObject({ progress: 0, state: { job_count: 0 } })
    expect((await api.getSamplers()).map((sampler) => sampler.name)).toContain('DPM++ 2M')
    expect((await api.getUpscalers())[0]?.name).toBe('None')
    expect((await api.getSdModels()).map(({ title }) => title)).toEqual(['test-model'])
    expect(await api.getCurrentModel()).toBe('test-model')
    await api.setOptions({ ...(await api.getOptions()), CLIP_stop_at_last_layers: 2 })
    expect((await api.getOptions()).CLIP_stop_at_last_layers).toBe(2)
    const larger = await api.extraSingle({ image: sharp(grey), upscaler_1: 'Lanczos', upscaling_resize: 2 })
    expect((await larger.image.metadata()).width).toBe(128)
  })

  it('is told what is wrong', async () => {
    await expect(open('pmt_nothing').getSamplers()).rejects.toThrow('401')
    const refused = open().img2img({ init_images: [sharp(grey)], prompt: 'p', script_name: 'X/Y/Z plot' })
    await expect(refused).rejects.toMatchObject({
      response: { status: 422, data: { detail: expect.stringContaining("'X/Y/Z plot'") } },
    })
  })
})

it('node-sd-webui paints anew, and reads how', async () => {
  const open = await startService(inject('redisUrl'))
  const worker = await startConsumer(open)
  const client = (sdwebui.default ?? sdwebui)({ apiUrl: open.url })
  const { images, info } = await client.img2img({
    imageData: [grey.toString('base64')],
    prompt: 'p',
    width: 64,
    height: 64,
    steps: 2,
    seed: 9,
  })
  expect([images.length, JSON.parse(info).all_seeds]).toEqual([1, [9]])
  expect(await client.pngInfo({ imageData: images[0] })).toMatchObject({ prompt: 'p', steps: 2 })
  await worker.shutdown()
  await open.close()
})
