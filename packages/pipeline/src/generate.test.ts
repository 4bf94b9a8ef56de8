import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { generate, loadModel, type Model, type Progress } from './index.ts'
import type { LoadedModel } from './load-model.ts'
import { fixtureModel, pipelineCases, plainInpaint, plainRequest, withChange } from './parity/pipeline-cases.ts'
import type { GenerateRequest, GrayImage, Img2imgRequest, PictureSettings, RgbImage } from './request.ts'
import { decodeLatents, encodeImage } from './vae/vae.ts'

const stored = pipelineCases('pipelines', {})
const sketch = stored.picture('sketch')
const block = stored.mask('block')
const base: Img2imgRequest = { ...plainRequest, image: sketch, steps: 5 }
const paint = plainInpaint(sketch, block, { steps: 5 })

const models = new Map<string, Promise<Model>>()
const model = (name: string, threads = 1): Promise<Model> => {
  const key = `${name} ${threads}`
  const loading = models.get(key) ?? loadModel(fixtureModel(name), { device: 'cpu', threads })
  models.set(key, loading)
  return loading
}
const picturesOf = async (request: GenerateRequest, name = 'tiny-sd1', threads = 1): Promise<RgbImage[]> =>
  (await generate(await model(name, threads), request)).images.map((one) => one.image)
const filled = (value: number): GrayImage => ({ width: 96, height: 64, data: new Uint8Array(96 * 64).fill(value) })

beforeAll(() => model('tiny-sd1'))
afterAll(async () => {
  for (const loading of models.values()) await (await loading).dispose()
})

describe('what must hold whatever the weights', () => {
  test('a white mask is img2img', async () => {
    const request = { ...base, seed: 3 }
    expect(await picturesOf(withChange(paint, { mask: filled(255), seed: 3 }))).toEqual(await picturesOf(request))
  })

  test('from noise alone only the seed, the words and the size say what comes', async () => {
    const { resizeMode: _, strength: __, stepPolicy: ___, colorCorrection: ____, ...own } = base
    const text: GenerateRequest = { ...own, kind: 'txt2img', image: null }
    const painted = await generate(await model('tiny-sd1'), text)
    expect(painted).toMatchObject({ stepsRun: 5, warnings: [] })
    const [picture] = painted.images
    expect([picture.image.width, picture.image.height]).toEqual([96, 64])
    expect(await picturesOf({ ...text, seed: 2 })).not.toEqual([picture.image])
    const batch = await picturesOf({ ...text, numImages: 2 })
    expect(batch).toEqual([picture.image, ...(await picturesOf({ ...text, seed: text.seed + 1 }))])
    const { warnings } = await generate(await model('tiny-sd1-inpaint'), text)
    expect(warnings.map(({ code }) => code)).toEqual(['sampled_encoder', 'inpaint_model_without_mask'])
  })

  test('strength 0 asks the model nothing and gives what the VAE makes of the input', async () => {
    const still = await generate(await model('tiny-sd1'), { ...base, strength: 0, seed: 1 })
    expect(still).toMatchObject({ stepsRun: 0, modelCalls: 0 })
    const other = await generate(await model('tiny-sd1'), { ...base, strength: 0, seed: 2, prompt: 'other' })
    expect(other.images[0].image).toEqual(still.images[0].image)
    const { vae } = (await model('tiny-sd1')) as LoadedModel
    const latents = await encodeImage(vae, sketch, async () => {})
    expect(still.images[0].image).toEqual(await decodeLatents(vae, latents, sketch, 'truncate', async () => {}))
  })

  test.each([1, 2])('a batch equals single runs, byte for byte, on %i threads', async (threads) => {
    // A second thread waits without resting.
    const short = { ...base, steps: 3 }
    for (const request of [
      { ...short, sampler: 'euler_a', strength: 0.9 },
      withChange(paint, { maskedContent: 'noise', seed: 40, steps: 3 }),
      { ...short, guidanceScale: 1 },
      { ...short, prompt: 'a, '.repeat(60) },
    ] satisfies GenerateRequest[]) {
      const batch = await picturesOf({ ...request, numImages: 3 }, 'tiny-sdxl', threads)
      for (const [i, picture] of batch.entries()) {
        expect([picture]).toEqual(await picturesOf({ ...request, seed: request.seed + i }, 'tiny-sdxl', threads))
      }
    }
  })

  test('pixels far from the mask are those of the resized input', async () => {
    const reach = Math.ceil(2.5 * 4) + 1
    const [picture] = await picturesOf(withChange(paint, { maskBlur: 4, strength: 1 }))
    let changed = 0
    for (let y = 0; y < 64; y++) {
      for (let x = 0; x < 96; x++) {
        const pixel = picture.data.subarray((y * 96 + x) * 3, (y * 96 + x) * 3 + 3)
        const original = sketch.data.subarray((y * 96 + x) * 3, (y * 96 + x) * 3 + 3)
        if (isNear(block, x, y, reach)) changed += Number(pixel.some((value, c) => value !== original[c]))
        else expect(pixel).toEqual(original)
      }
    }
    expect(changed).toBeGreaterThan(1000)
  })

  test('generations running at once do not touch each other', async () => {
    const requests: GenerateRequest[] = [base, { ...base, seed: 9, steps: 7 }, paint, { ...base, sampler: 'heun' }]
    const alone: RgbImage[][] = []
    for (const request of requests) alone.push(await picturesOf(request))
    expect(await Promise.all(requests.map((request) => picturesOf(request)))).toEqual(alone)
  })
})

describe('the picture and the prompt matter', () => {
  test('less strength stays closer to the input', async () => {
    const [light] = await picturesOf({ ...base, strength: 0.2, steps: 20 })
    const [strong] = await picturesOf({ ...base, strength: 0.9, steps: 20 })
    expect(meanDifference(light, sketch)).toBeLessThan(meanDifference(strong, sketch) / 2)
  })

  test('another prompt, another picture', async () => {
    const [one] = await picturesOf(base)
    const [other] = await picturesOf({ ...base, prompt: 'a blue bowl on a table' })
    expect(meanDifference(one, other)).toBeGreaterThan(3)
  })
})

describe('seeds', () => {
  test('image i has seed + i', async () => {
    const { images } = await generate(await model('tiny-sd1'), { ...base, numImages: 2, seed: 4294967294 })
    expect(images.map(({ seed, variationSeed }) => [seed, variationSeed])).toEqual([
      [4294967294, null],
      [4294967295, null],
    ])
  })

  test('a variation keeps the seed and counts the variation seed', async () => {
    const { images } = await generate(await model('tiny-sd1'), {
      ...base,
      numImages: 2,
      variationSeed: 7,
      variationStrength: 0.2,
    })
    expect(images.map(({ seed, variationSeed }) => [seed, variationSeed])).toEqual([
      [1, 7],
      [1, 8],
    ])
    expect(images[0].image).not.toEqual(images[1].image)
  })
})

describe('while it runs', () => {
  test('reports each phase and step, and the latents', async () => {
    const progress: Progress[] = []
    const shapes: string[] = []
    const result = await generate(await model('tiny-sd1'), base, {
      onProgress: (one) => progress.push(one),
      onLatents: (latents, { images, height, width }, step) =>
        shapes.push(`${latents.length} ${images} ${height} ${width} ${step}`),
    })
    expect(result.stepsRun).toBe(4)
    expect(progress.map(({ phase, step, steps }) => `${phase} ${step}/${steps}`)).toEqual([
      'encoding 0/4',
      'denoising 0/4',
      'denoising 1/4',
      'denoising 2/4',
      'denoising 3/4',
      'denoising 4/4',
      'decoding 4/4',
    ])
    expect(shapes).toEqual([1, 2, 3, 4].map((step) => `384 1 8 12 ${step}`))
  })

  test('stops between steps when it is canceled', async () => {
    const controller = new AbortController()
    let steps = 0
    const running = generate(await model('tiny-sd1'), base, {
      signal: controller.signal,
      onProgress: ({ phase, step }) => {
        steps = step
        if (phase === 'denoising' && step === 2) controller.abort()
      },
    })
    await expect(running).rejects.toMatchObject({ code: 'canceled' })
    expect(steps).toBe(2)
  })

  test('counts model calls: one more a step for second order, two runs for prompts of different length', async () => {
    const calls = async (change: Partial<PictureSettings>): Promise<number> =>
      (await generate(await model('tiny-sd1'), { ...base, ...change })).modelCalls
    expect(await calls({})).toBe(4)
    expect(await calls({ sampler: 'heun' })).toBe(7)
    expect(await calls({ prompt: 'a, '.repeat(60) })).toBe(8)
  })
})

describe('warnings', () => {
  const warned = async (name: string, request: GenerateRequest): Promise<string[]> =>
    (await generate(await model(name), { ...request, steps: 2 })).warnings.map(({ code }) => code)

  test('for what was done otherwise than a caller may think', async () => {
    expect(await warned('tiny-sd1', base)).toEqual([])
    expect(await warned('tiny-sd1', { ...base, semantics: 'diffusers', prompt: 'word '.repeat(90) })).toEqual([
      'truncated_prompt',
    ])
    expect(await warned('tiny-sd1-inpaint', base)).toEqual(['sampled_encoder', 'inpaint_model_without_mask'])
    expect(await warned('tiny-sd1-inpaint', paint)).toEqual(['sampled_encoder'])
  })
})

describe('refusals', () => {
  const refused = async (request: GenerateRequest, name: string) => expect(generate(await model(name), request)).rejects

  test.each(['whole', 'masked'] as const)(
    'a mask that repaints nothing, before the model is asked (%s)',
    async (inpaintArea) => {
      const phases: string[] = []
      const running = generate(await model('tiny-sd1'), withChange(paint, { mask: filled(0), inpaintArea }), {
        onProgress: ({ phase }) => phases.push(phase),
      })
      await expect(running).rejects.toMatchObject({ code: 'empty_mask' })
      expect(phases).toEqual(['encoding'])
    },
  )

  test('a mask of which the inpaint model would see nothing', async () => {
    const dot = filled(0)
    dot.data[96 * 20 + 20] = 255
    for (const semantics of ['a1111', 'diffusers'] as const) {
      await (await refused(withChange(paint, { mask: dot, semantics }), 'tiny-sd1-inpaint')).toMatchObject({
        code: 'empty_mask',
      })
    }
  })

  test('clip skip where the export has no hidden states', async () => {
    await (await refused({ ...base, clipSkip: 2 }, 'tiny-sd2')).toMatchObject({ code: 'not_supported' })
  })
})

function meanDifference(a: RgbImage, b: RgbImage): number {
  return a.data.reduce((sum, value, i) => sum + Math.abs(value - b.data[i]), 0) / a.data.length
}

function isNear(mask: GrayImage, x: number, y: number, reach: number): boolean {
  for (let row = Math.max(0, y - reach); row <= Math.min(mask.height - 1, y + reach); row++) {
    for (let column = Math.max(0, x - reach); column <= Math.min(mask.width - 1, x + reach); column++) {
      if (mask.data[row * mask.width + column] > 0) return true
    }
  }
  return false
}
