import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { generate, loadModel, type Model } from './index.ts'
import type { LoadedModel } from './load-model.ts'
import { openSession } from './ort/runtime.ts'
import { fixtureModel, pipelineCases, plainRequest } from './parity/pipeline-cases.ts'
import type { Img2imgRequest, PictureSettings } from './request.ts'
import { withFloat32Retry } from './vae/float32-retry.ts'
import { withWideLatents } from './vae/wide-latents.testing.ts'

const image = pipelineCases('pipelines', {}).picture('sketch')
const request: Img2imgRequest = { ...plainRequest, image, sampler: 'euler', steps: 25 }
let [single, half]: Model[] = []

beforeAll(async () => {
  single = await loadModel(fixtureModel('tiny-sd1'), { device: 'cpu', threads: 1 })
  half = await loadModel(fixtureModel('tiny-sd1-fp16'), { device: 'cpu', threads: 1 })
})
afterAll(async () => {
  await single.dispose()
  await half.dispose()
})

async function pixels(model: Model, change: Partial<PictureSettings> = {}): Promise<Uint8Array> {
  return (await generate(model, { ...request, ...change })).images[0].image.data
}

function mean(a: Uint8Array, b: Uint8Array): number {
  return a.reduce((sum, value, i) => sum + Math.abs(value - b[i]), 0) / a.length
}

describe('a float16 model', () => {
  test('takes and gives float16 in every part', () => {
    const { unet, vae, textEncoders } = half as LoadedModel
    const types = [unet, vae.encoder, vae.decoder].flatMap(({ inputs, outputs }) => [...inputs, ...outputs])
    expect(new Set(types.map(({ type }) => type))).toEqual(new Set(['float16']))
    expect(textEncoders[0].session.outputs[0].type).toBe('float16')
  })

  test('paints what its float32 twin paints', async () => {
    const picture = await pixels(half)
    const twin = await pixels(single)
    expect(mean(picture, twin)).toBeLessThan(4)
    expect(mean(await pixels(single, { seed: 99 }), twin)).toBeGreaterThan(8)
  })

  test('encodes and decodes as its twin does', async () => {
    const still = { strength: 0 }
    expect(mean(await pixels(half, still), await pixels(single, still))).toBeLessThan(0.5)
  })
})

describe('a model whose VAE overflows in float16', () => {
  let dir: string
  let wide: Model
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'pentimento-wide-'))
    await withWideLatents(fixtureModel('tiny-sd1-fp16'), dir)
    wide = await loadModel(dir, { device: 'cpu', threads: 1 })
  })
  afterAll(async () => {
    await wide.dispose()
    await rm(dir, { recursive: true })
  })

  test('does so, in what it encodes', async () => {
    const encoder = await openSession(join(dir, 'vae_encoder/model.onnx'), { executionProviders: ['cpu'], threads: 1 })
    const feeds = { [encoder.inputs[0].name]: { data: new Float32Array(3 * 64 * 64).fill(0.7), dims: [1, 3, 64, 64] } }
    const { latent_parameters } = await encoder.run(feeds, ['latent_parameters'])
    expect(latent_parameters.data.every(Number.isFinite)).toBe(false)
    await encoder.release()
  })

  test('paints what its float32 twin paints, and the caller is told', async () => {
    const result = await generate(wide, request)
    const { encoder, decoder } = (wide as LoadedModel).vae
    expect([encoder.inFloat32(), decoder.inFloat32()]).toEqual([true, true])
    expect(result.warnings.map(({ code }) => code)).toContain('vae_float32_retry')
    expect(mean(result.images[0].image.data, await pixels(single))).toBeLessThan(4)
    const still = { strength: 0 }
    expect(mean(await pixels(wide, still), await pixels(single, still))).toBeLessThan(0.5)
  })

  test('fails the job where float32 cannot be had, and gives no picture', async () => {
    const { vae } = wide as LoadedModel
    const narrow = await openSession(join(dir, 'vae_encoder/model.onnx'), { executionProviders: ['cpu'], threads: 1 })
    const { encoder } = vae
    vae.encoder = withFloat32Retry(narrow, () => Promise.reject(new Error('too large')))
    await expect(generate(wide, request)).rejects.toMatchObject({
      code: 'bad_output',
      message: "The model's VAE gives values that are not numbers. It cannot be loaded in float32 either.",
    })
    vae.encoder = encoder
    await narrow.release()
  })
})

describe('a decoder that gives nothing but black', () => {
  const black = (width: number, height: number) => ({ width, height, data: new Uint8Array(width * height * 3) })

  test('fails the job, unless the picture was next to black to begin with', async () => {
    const { vae } = single as LoadedModel
    const { decoder } = vae
    vae.decoder = {
      ...decoder,
      run: async (feeds, [name]) => {
        const [{ dims }] = Object.values(feeds)
        const [, , height, width] = dims
        return { [name]: { data: new Float32Array(3 * 64 * height * width).fill(-1.2), dims: [] } }
      },
    }
    const still = { ...request, strength: 0 }
    await expect(generate(single, still)).rejects.toMatchObject({
      code: 'bad_output',
      message: "The model gave an all-black picture. The model's weights may be broken.",
    })
    const night = black(96, 64)
    night.data.fill(8)
    for (const image of [black(96, 64), night]) {
      const { images } = await generate(single, { ...still, image })
      expect(images[0].image).toEqual(black(96, 64))
    }
    night.data[0] = 9
    await expect(generate(single, { ...still, image: night })).rejects.toMatchObject({ code: 'bad_output' })
    vae.decoder = decoder
  })
})

describe('a UNet that answers what is no number', () => {
  const unusual: Partial<PictureSettings> = { prompt: 'a (cat:9)', guidanceScale: 20 }

  test.each<[string, Partial<PictureSettings>, string]>([
    ['nothing unusual', {}, "The model's weights may be broken."],
    ['usual weights', { prompt: 'a (red:1.4) cat', guidanceScale: 15 }, "The model's weights may be broken."],
    ['weights in a prompt', { prompt: 'a (cat:9) BREAK b' }, 'take weights nearer to 1 in the prompts.'],
    ['weights below 0', { negativePrompt: '(cat:-2)' }, 'take weights nearer to 1 in the prompts.'],
    ['both', unusual, 'take weights nearer to 1 in the prompts and a lower guidance_scale.'],
    ['brackets that are text', { ...unusual, semantics: 'diffusers' }, 'much of it: take a lower guidance_scale.'],
  ])('fails the job, and what is said of it depends on the request: %s', async (_, change, said) => {
    const model = single as LoadedModel
    const { unet } = model
    model.unet = {
      ...unet,
      rows: {
        add: ({ output }) => Number(void (output.data as Float32Array).fill(Number.NaN)),
        ask: async () => {},
        drop: () => {},
        limit: async () => {},
      },
    }
    try {
      await expect(generate(single, { ...request, ...change })).rejects.toMatchObject({
        code: 'bad_output',
        message: expect.stringMatching(new RegExp(`^The model answered values that are not numbers\\. .*${said}$`)),
      })
    } finally {
      model.unet = unet
    }
  })
})
