import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { upscalerFile } from '@pentimento/checkpoints/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { pilResize } from '../images/pil-resize.ts'
import { generate, loadModel, type Progress } from '../index.ts'
import type { LoadedModel } from '../load-model.ts'
import { fixtureModel, pipelineCases, plainInpaint, plainRequest } from '../parity/pipeline-cases.ts'
import type { Enlarging, GenerateRequest, Img2imgRequest, RgbImage } from '../request.ts'
import { upscaleImage } from './upscale-image.ts'

const stored = pipelineCases('pipelines', {})
const sketch = stored.picture('sketch')
const base: Img2imgRequest = { ...plainRequest, image: sketch, steps: 3 }
const lanczos: Enlarging = { factor: 2, upscaler: null, hires: null }
const pause = async () => {}

let dir: string
let model: LoadedModel
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'pentimento-enlarge-'))
  model = (await loadModel(fixtureModel('tiny-sd1'), { device: 'cpu', threads: 1 })) as LoadedModel
})
afterAll(async () => {
  await model.dispose()
  await rm(dir, { recursive: true })
})

async function fileOf(label: string) {
  const path = join(dir, `${label}.safetensors`)
  await writeFile(path, upscalerFile(label))
  return { name: label, path }
}
const painted = async (request: GenerateRequest): Promise<RgbImage[]> =>
  (await generate(model, request)).images.map(({ image }) => image)

describe('an enlarged result', () => {
  test('is the plain one, by Lanczos', async () => {
    const [plain] = await painted(base)
    const [large] = await painted({ ...base, enlarging: { ...lanczos, factor: 1.5 } })
    expect(large).toEqual(pilResize(plain, 144, 96, 'lanczos'))
  })

  test('is what a network makes of it, and Lanczos for the rest', async () => {
    const [plain] = await painted(base)
    const upscaler = await fileOf('compact x2')
    const open = await model.upscalers.open(upscaler)
    const twice = await upscaleImage(plain, { width: 192, height: 128 }, open, pause)
    expect(await painted({ ...base, enlarging: { ...lanczos, upscaler } })).toEqual([twice])
    expect(twice).not.toEqual(pilResize(plain, 192, 128, 'lanczos'))
    const [less] = await painted({ ...base, enlarging: { ...lanczos, factor: 1.25, upscaler } })
    expect(less).toEqual(pilResize(twice, 120, 80, 'lanczos'))
    const [more] = await painted({ ...base, enlarging: { ...lanczos, factor: 3, upscaler } })
    const four = await upscaleImage(twice, { width: 384, height: 256 }, open, pause)
    expect(more).toEqual(pilResize(four, 288, 192, 'lanczos'))
  })

  test('of a file that is none, or has gone, is refused before anything is painted', async () => {
    const path = join(dir, 'page.safetensors')
    await writeFile(path, '<!DOCTYPE html>')
    const progress: string[] = []
    const refusal = (upscaler: Enlarging['upscaler']) => {
      const request = { ...base, enlarging: { ...lanczos, upscaler } }
      return expect(generate(model, request, { onProgress: ({ phase }) => void progress.push(phase) })).rejects
    }
    await refusal({ name: 'page', path }).toThrow(/^The upscaler page: It is a web page/)
    await refusal({ name: 'gone', path: join(dir, 'gone') }).toThrow('The upscaler gone: Its file is gone.')
    expect(progress).toEqual([])
  })
})

describe('a network', () => {
  const noise = (width: number, height: number): RgbImage => ({
    width,
    height,
    data: Uint8Array.from({ length: 3 * width * height }, (_, i) => (i * 7919 + (i >> 3) * 31) % 251),
  })

  test('takes a large picture in tiles that leave no seam', async () => {
    const open = await model.upscalers.open(await fileOf('compact x3'))
    const to = { width: 240, height: 180 }
    const whole = await upscaleImage(noise(80, 60), to, open, pause)
    let tiles = 0
    const inTiles = await upscaleImage(noise(80, 60), to, open, async () => void tiles++, 48 * 48)
    expect(tiles).toBeGreaterThan(2)
    expect(inTiles.data.every((value, i) => Math.abs(value - whole.data[i]) <= 1)).toBe(true)
  })

  test('that sees squares of pixels takes odd sizes', async () => {
    const open = await model.upscalers.open(await fileOf('esrgan x2 of gathered pixels'))
    const odd = await upscaleImage(noise(11, 7), { width: 22, height: 14 }, open, pause)
    expect([odd.width, odd.height, odd.data.length]).toEqual([22, 14, 22 * 14 * 3])
  })
})

describe('a second painting', () => {
  const hires: Enlarging = { ...lanczos, factor: 1.5, hires: { strength: 0.6, steps: 2 } }

  test('begins from the enlarged first one, with all its steps and the same seed', async () => {
    const request: Img2imgRequest = { ...base, seed: 5, numImages: 2, enlarging: hires }
    const lines: string[] = []
    const onProgress = ({ phase, step, steps }: Progress) => void lines.push(`${phase} ${step}/${steps}`)
    const { images, stepsRun } = await generate(model, request, { onProgress })
    const firsts = await painted({ ...base, seed: 5, numImages: 2 })
    for (const [i, first] of firsts.entries()) {
      const image = pilResize(first, 144, 96, 'lanczos')
      const again = { strength: 0.6, steps: 2, stepPolicy: 'exact', seed: 5 + i, width: 144, height: 96 } as const
      expect(images[i].image).toEqual((await painted({ ...base, ...again, image }))[0])
    }
    expect(images.map(({ seed }) => seed)).toEqual([5, 6])
    expect(stepsRun).toBe(3 + 2)
    expect(new Set(lines.map((line) => line.split('/')[1]))).toEqual(new Set(['5']))
    const counted = lines.map((line) => Number(/ (\d+)/.exec(line)?.[1]))
    expect(counted).toEqual(counted.toSorted((a, b) => a - b))
    expect(counted.at(-1)).toBe(5)
  })

  test('of what is inpainted keeps the rest as it is enlarged', async () => {
    const paint = plainInpaint(sketch, stored.mask('block'), { steps: 3, maskBlur: 2 })
    const [image] = await painted({ ...paint, enlarging: { ...hires, factor: 2 } })
    const original = pilResize(sketch, 192, 128, 'lanczos')
    for (const at of [0, 191 * 3, 3 * 192 * 127])
      expect([...image.data.subarray(at, at + 3)]).toEqual([...original.data.subarray(at, at + 3)])
    expect(image).not.toEqual(original)
  })

  test('is refused under diffusers, and where the model does not take the size', async () => {
    await expect(painted({ ...base, semantics: 'diffusers', enlarging: hires })).rejects.toThrow('no second painting')
    await expect(painted({ ...base, enlarging: { ...hires, factor: 40 } })).rejects.toThrow('works on sides of')
  })
})
