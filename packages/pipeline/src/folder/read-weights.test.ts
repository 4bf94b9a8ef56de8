import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testPrediction } from '../denoise/test-prediction.ts'
import { generate } from '../generate.ts'
import { describeModel, type LoadedModel, loadModel } from '../load-model.ts'
import type { Session } from '../ort/graph.ts'
import { pipelineCases, plainRequest } from '../parity/pipeline-cases.ts'
import { writeAsFolder } from './as-folder.testing.ts'
import { ldmFile } from './ldm-file.testing.ts'
import { readModel } from './read-model.ts'
import type { UnetSignature } from './signature.ts'

const options = { device: 'cpu', threads: 1 } as const
const image = pipelineCases('pipelines', {}).picture('sketch')
let dir: string
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'pentimento-weights-'))
})
afterAll(() => rm(dir, { recursive: true }))

describe('a single file', () => {
  test.each(['sd1', 'sd1-inpaint', 'sd2', 'sdxl', 'sdxl-refiner'] as const)('of %s is described', async (family) => {
    const file = join(dir, `${family}.safetensors`)
    await writeFile(file, ldmFile(family))
    const description = await describeModel(file)
    expect(description).toMatchObject({
      id: family,
      family: family.replace('-inpaint', ''),
      isInpaintModel: family.endsWith('inpaint'),
      exporterEra: 'single file',
      sizes: { min: 64, max: 2048, multiple: 8 },
    })
    expect(description.maxClipSkip).toBeGreaterThan(family.startsWith('sdxl') ? 0 : 1)
  })

  // Pictures of every family: ../parity.
  test('paints at sides that do not halve evenly, from a prompt with weights', async () => {
    const file = join(dir, 'odd.safetensors')
    await writeFile(file, ldmFile('sdxl-refiner'))
    const model = await loadModel(file, options)
    const request = { ...plainRequest, image, prompt: 'a red (cat:1.2)', steps: 4, width: 72, height: 64 }
    const { images, warnings } = await generate(model, request)
    expect([images[0].image.width, images[0].image.height, warnings]).toEqual([72, 64, []])
    await model.dispose()
  })

  test('paints the bytes that a folder of the same weights paints, in one file or in several', async () => {
    const file = join(dir, 'alike.safetensors')
    await writeFile(file, ldmFile('sdxl', 'F16'))
    const paths = [file, join(dir, 'whole'), join(dir, 'shared')]
    await writeAsFolder(file, paths[1], 1)
    await writeAsFolder(file, paths[2], 3)
    const painted = []
    for (const path of paths) {
      const model = await loadModel(path, options)
      const { images } = await generate(model, { ...plainRequest, image, steps: 3, negativePrompt: 'dark' })
      painted.push(images[0].image.data)
      await model.dispose()
    }
    expect(painted[1]).toEqual(painted[0])
    expect(painted[2]).toEqual(painted[0])
  })

  test('has graphs for CUDA: in float16 but for the VAE of SDXL, and anew in float32 where that overflows', async () => {
    const types = async (family: 'sd1' | 'sdxl') => {
      const file = join(dir, `cuda-${family}.safetensors`)
      await writeFile(file, ldmFile(family))
      await writeFile(join(dir, `cuda-${family}.json`), '{"heads":{"text_encoder":1,"text_encoder_2":1}}')
      const { parts } = await readModel(file)
      expect(parts.vae_decoder.write?.('cuda', 'lean', 'float32').type).toBe('float32')
      // Mapped weights are for the CPU: a GPU has copies.
      expect(parts.unet.write?.('cuda', 'lean').weights.graphOptimizationLevel).toBe('all')
      return Object.values(parts).map((part) => part?.write?.('cuda', 'fast').type)
    }
    expect(await types('sd1')).toEqual(['float16', 'float16', 'float16', 'float16'])
    expect(await types('sdxl')).toEqual(['float16', 'float32', 'float32', 'float16', 'float16'])
  })

  test('that is replaced or touched is not what was loaded any more', async () => {
    const file = join(dir, 'changing.safetensors')
    await writeFile(file, ldmFile('sd1'))
    const model = await loadModel(file, options)
    expect(await model.isCurrent()).toBe(true)
    await writeFile(`${file}.part`, ldmFile('sd1', 'F16'))
    await rename(`${file}.part`, file)
    expect(await model.isCurrent()).toBe(false)
    await rm(file)
    expect(await model.isCurrent()).toBe(false)
    await model.dispose()
  })

  test('in halves paints nearly what it paints in float32', async () => {
    const [wide, half] = [join(dir, 'wide.safetensors'), join(dir, 'half.safetensors')]
    await writeFile(wide, ldmFile('sd1'))
    await writeFile(half, ldmFile('sd1', 'F16'))
    const paint = async (file: string) => {
      const model = await loadModel(file, options)
      const { images } = await generate(model, { ...plainRequest, image, steps: 4, clipSkip: 2 })
      await model.dispose()
      return images[0].image.data
    }
    const [a, b] = [await paint(wide), await paint(half)]
    expect(a.reduce((sum, value, i) => sum + Math.abs(value - b[i]), 0) / a.length).toBeLessThan(4)
    expect((await describeModel(half)).dtypes.unet).toBe('F16')
  })

  test('of SD 2.x is run once to tell what it predicts, unless its JSON file says it', async () => {
    const file = join(dir, 'sd2.safetensors')
    await writeFile(file, ldmFile('sd2'))
    const open = (await loadModel(file, options)) as LoadedModel
    expect(open.folder.scheduler.prediction).toBe(open.description.prediction)
    await open.dispose()
    for (const prediction of ['v', 'epsilon'] as const) {
      await writeFile(join(dir, 'sd2.json'), JSON.stringify({ prediction, title: 'Mine', defaults: { steps: 9 } }))
      expect(await describeModel(file)).toMatchObject({ prediction, title: 'Mine', defaults: { steps: 9 } })
      const stated = (await loadModel(file, options)) as LoadedModel
      expect(stated.folder.scheduler.prediction).toBe(prediction)
      await stated.dispose()
    }
  })

  test('of SD 2.x that was distilled over the guidance scale is run with one to tell', async () => {
    const signature = {
      sample: 'x',
      timestep: 't',
      timestepRank: 1,
      context: 'c',
      contextSize: 4,
      channels: 4,
      output: 'y',
      controls: [{ picture: 'p', scale: 's', type: { name: 'k', count: 6 }, multiple: 8 }],
    }
    const asked: string[][] = []
    const run = async (feeds: object) => {
      asked.push(Object.keys(feeds))
      return { y: { data: new Float32Array(256).fill(-2), dims: [1, 4, 8, 8] } }
    }
    const unet = { run } as unknown as Session
    for (const guidanceEmbedding of [null, { name: 'g', size: 6 }])
      expect(await testPrediction(unet, { ...signature, guidanceEmbedding } as unknown as UnetSignature)).toBe('v')
    expect(asked).toEqual([
      ['x', 't', 'c', 'p', 's', 'k'],
      ['x', 't', 'c', 'p', 's', 'k', 'g'],
    ])
  })

  test('that lacks a part, or is no checkpoint, is refused with what to do', async () => {
    const file = join(dir, 'bare.safetensors')
    await writeFile(file, ldmFile('sd1', 'F32', /^first_stage_model\./))
    await expect(describeModel(file)).rejects.toMatchObject({
      code: 'model_unusable',
      message: expect.stringMatching(/no VAE.*bare\.json/),
    })
    await writeFile(file, 'PK\u0003\u0004.......')
    await expect(describeModel(file)).rejects.toMatchObject({
      code: 'model_unusable',
      message: expect.stringMatching(/a pickle/),
    })
    await mkdir(join(dir, 'empty/unet'), { recursive: true })
    await expect(describeModel(join(dir, 'empty'))).rejects.toThrow(/model_index\.json/)
  })
})
