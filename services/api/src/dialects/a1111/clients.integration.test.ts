import { createRequire } from 'node:module'
import { encode } from '@pentimento/images'
import A1111WebuiApi from 'a1111-webui-api'
import StableDiffusionApi from 'stable-diffusion-api'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { startService, type TestService } from '../../testing/service.ts'

/** What the classes of both packages have. */
interface Api {
  setAuth(user: string, password: string): unknown
  img2img(options: object): Promise<Result>
  getProgress(): Promise<{ progress: number; state: { job_count: number } }>
  getOptions(): Promise<Record<string, unknown>>
  setOptions(options: object): Promise<unknown>
  getSamplers(): Promise<{ name: string }[]>
  getUpscalers(): Promise<{ name: string }[]>
  getSdModels(): Promise<{ title: string }[]>
  getCurrentModel(): Promise<string>
  extraSingle(options: object): Promise<Result>
  /** Of one of them. */
  ControlNet?: {
    getModels(): Promise<string[]>
    getModules(): Promise<string[]>
    detect(options: object): Promise<Result>
  }
}
interface Result {
  image: { metadata(): Promise<{ width?: number }> }
}

let service: TestService
let key: string
let grey: Buffer

beforeAll(async () => {
  service = await startService(inject('redisUrl'), { auth: 'keys' })
  key = (await service.state.tenants.createKey({ tenant: 'a', scopes: ['submit', 'read'] })).token
  const data = new Uint8Array(64 * 64 * 3).fill(90)
  grey = await encode({ width: 64, height: 64, data }, { format: 'png', quality: null, metadata: null })
})

afterAll(() => service.close())

/** What they read and are told, with keys; what they paint is tested with a model. */
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

  it('asks for ControlNets and edges', async () => {
    const api = open()
    if (!api.ControlNet) return
    expect(await api.ControlNet.getModels()).toEqual([])
    expect(await api.ControlNet.getModules()).toContain('canny')
    const edges = await api.ControlNet.detect({
      controlnet_module: 'canny',
      controlnet_input_images: [sharp(grey)],
      controlnet_processor_res: 128,
    })
    expect((await edges.image.metadata()).width).toBe(128)
  })

  it('is told what is wrong', async () => {
    await expect(open('pmt_nothing').getSamplers()).rejects.toThrow('401')
    const refused = open().img2img({ init_images: [sharp(grey)], prompt: 'p', script_name: 'X/Y/Z plot' })
    await expect(refused).rejects.toMatchObject({
      response: { status: 422, data: { detail: expect.stringContaining("'X/Y/Z plot'") } },
    })
  })
})
