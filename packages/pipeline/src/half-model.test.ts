import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { generate, loadModel, type Model } from './index.ts'
import type { LoadedModel } from './models/load-model.ts'
import { fixtureModel, pipelineCases, plainRequest } from './parity/pipeline-cases.ts'
import type { GenerateRequest } from './request.ts'

const image = pipelineCases('pipelines', {}).picture('sketch')
const request: GenerateRequest = { ...plainRequest, image, sampler: 'euler', steps: 25 }
let [single, half]: Model[] = []

beforeAll(async () => {
  single = await loadModel(fixtureModel('tiny-sd1'), { device: 'cpu', threads: 1 })
  half = await loadModel(fixtureModel('tiny-sd1-fp16'), { device: 'cpu', threads: 1 })
})
afterAll(async () => {
  await single.dispose()
  await half.dispose()
})

async function pixels(model: Model, change: Partial<GenerateRequest> = {}): Promise<Uint8Array> {
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

describe('a VAE whose numbers overflow', () => {
  test('is run in float32, and the caller is told', async () => {
    const loaded = half as LoadedModel
    const { scalingFactor } = loaded.vae
    // Divided by so small a factor, latents lie beyond float16 when they reach the decoder.
    loaded.vae.scalingFactor = scalingFactor / 1e5
    const result = await generate(half, { ...request, strength: 1, steps: 2 })
    expect(result.warnings.map(({ code }) => code)).toContain('vae_float32_retry')
    loaded.vae.scalingFactor = scalingFactor
  })
})

describe('a decoder that gives nothing but black', () => {
  const black = (width: number, height: number) => ({ width, height, data: new Uint8Array(width * height * 3) })

  test('fails the job, unless the picture was black to begin with', async () => {
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
    await expect(generate(single, still)).rejects.toMatchObject({ code: 'bad_output' })
    const { images } = await generate(single, { ...still, image: black(96, 64) })
    expect(images[0].image).toEqual(black(96, 64))
    vae.decoder = decoder
  })
})
