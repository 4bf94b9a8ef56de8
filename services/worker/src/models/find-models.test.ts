import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { modelEntry } from '@pentimento/contracts'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { checkpointShapes, writeZeros } from '../testing/zero-weights.ts'
import { findModels, readAgain } from './find-models.ts'

const tiny = fileURLToPath(new URL('../../../../models/fixtures/tiny-sd1', import.meta.url))

let dir: string
let warnings: string[]
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'pentimento-models-'))
  warnings = []
})
afterEach(() => rm(dir, { recursive: true, force: true }))

const find = (options: { only?: string[]; default?: string; builtinDir?: string } = {}) =>
  findModels(
    { dir, builtinDir: options.builtinDir ?? null, only: options.only ?? null, default: options.default ?? null },
    (message) => warnings.push(message),
  )

it('serves each subfolder under its own name', async () => {
  await cp(tiny, join(dir, 'portrait'), { recursive: true })
  const found = await find()
  const served = found.models.get('portrait')
  expect([...found.models.keys()]).toEqual(['portrait'])
  expect(found.default).toBe(served)
  expect(served?.ref.bytes).toBeGreaterThan(10_000)
  expect(modelEntry.parse(served?.entry)).toMatchObject({
    id: 'portrait',
    family: 'sd1',
    sizes: { min: 64, max: 1024, multiple: 8 },
    defaults: { steps: 25, sampler: 'dpmpp_2m' },
    words: null,
    clip_skip_max: 3,
    unsupported: expect.arrayContaining(['clip_skip=4', 'clip_skip=12']),
  })
  const { models } = await find({
    builtinDir: fileURLToPath(new URL('../../../../models/still-life', import.meta.url)),
  })
  expect(models.get('still-life')?.entry.words).toContain('strawberry')
})

it('serves each .safetensors file under its name, and no folder of what models take', async () => {
  await writeZeros(join(dir, 'realistic.safetensors'), checkpointShapes('sd1'))
  await writeFile(join(dir, 'realistic.json'), JSON.stringify({ title: 'Realistic', heads: { text_encoder: 1 } }))
  await writeFile(join(dir, 'old.safetensors'), 'PK\u0003\u0004 a pickle under another name')
  await mkdir(join(dir, 'vae'))
  await mkdir(join(dir, 'loras'))
  const { models } = await find()
  expect([...models.keys()]).toEqual(['realistic'])
  expect(modelEntry.parse(models.get('realistic')?.entry)).toMatchObject({
    id: 'realistic',
    title: 'Realistic',
    family: 'sd1',
    native_size: 512,
  })
  expect(warnings).toEqual([expect.stringMatching(/^the model "old" is left out: It is a PyTorch file .*convert it/)])
})

it('says of a model what its file says now, once that has changed, and keeps what it knew where it cannot be read', async () => {
  await cp(tiny, join(dir, 'mine'), { recursive: true })
  const found = await find()
  await rm(join(dir, 'mine'), { recursive: true })
  await cp(tiny.replace('tiny-sd1', 'tiny-sdxl'), join(dir, 'mine'), { recursive: true })
  await readAgain(found, 'mine', (message) => warnings.push(message))
  expect(found.models.get('mine')?.entry).toMatchObject({ id: 'mine', family: 'sdxl' })
  await rm(join(dir, 'mine/unet'), { recursive: true })
  await readAgain(found, 'mine', (message) => warnings.push(message))
  expect(found.models.get('mine')?.entry.family).toBe('sdxl')
  expect(warnings).toEqual([expect.stringMatching(/^the changed model "mine" could not be read: /)])
})

it('shows a checkpoint that lacks a part, and says how to convert a .ckpt', async () => {
  await cp(tiny, join(dir, 'whole'), { recursive: true })
  await writeZeros(join(dir, 'bare.safetensors'), checkpointShapes('sd1', /^first_stage_model\./))
  await writeFile(join(dir, 'bare.json'), JSON.stringify({ heads: { text_encoder: 1 }, licence: 'MIT' }))
  await writeFile(join(dir, 'old.ckpt'), 'PK\u0003\u0004 a pickle')
  const { models, incomplete } = await find()
  expect([...models.keys()]).toEqual(['whole'])
  expect(incomplete.map((entry) => modelEntry.parse(entry))).toMatchObject([
    {
      id: 'bare',
      licence: 'MIT',
      layout: 'file',
      family: 'sd1',
      purpose: 'generate',
      missing: [expect.stringMatching(/^It has no VAE\. Put one of SD 1\.x/)],
    },
  ])
  expect(warnings).toEqual([
    expect.stringMatching(/^the model "bare" is left out: It has no VAE/),
    expect.stringMatching(/^the model "old\.ckpt" is left out: It is a PyTorch file .*convert it/),
  ])
})

it('adds the built-in model, and takes it as the default', async () => {
  await cp(tiny, join(dir, 'abc'), { recursive: true })
  const found = await find({ builtinDir: tiny })
  expect([...found.models.keys()]).toEqual(['tiny-sd1', 'abc'])
  expect(found.default.ref.id).toBe('tiny-sd1')
})

it('leaves out what cannot be run, with the reason', async () => {
  await cp(tiny, join(dir, 'good'), { recursive: true })
  await mkdir(join(dir, 'empty'))
  await mkdir(join(dir, '.cache'))
  await writeFile(join(dir, 'readme.txt'), 'no model')
  expect([...(await find()).models.keys()]).toEqual(['good'])
  expect(warnings).toEqual([
    expect.stringMatching(/^the model "empty" is left out: The folder has no model_index.json/),
  ])
})

it('serves only what it is told to, and says what is missing', async () => {
  await cp(tiny, join(dir, 'a'), { recursive: true })
  await cp(tiny, join(dir, 'b'), { recursive: true })
  await mkdir(join(dir, 'empty'))
  expect([...(await find({ only: ['b'] })).models.keys()]).toEqual(['b'])
  await expect(find({ only: ['c'] })).rejects.toThrow(
    'MODELS names "c", but there is no such model; there are: a, b, empty',
  )
  await expect(find({ only: ['empty'] })).rejects.toThrow('MODELS names "empty", which cannot be run')
  const other = await find({ only: ['a'], default: 'b' })
  expect(other.default.ref.id).toBe('a')
  expect(warnings).toEqual([expect.stringContaining('DEFAULT_MODEL "b" is not served here')])
})

it('says where it looked when there is no model', async () => {
  await expect(find()).rejects.toThrow(`put a .safetensors file or a model's folder into ${dir}`)
  await rm(dir, { recursive: true })
  await expect(find()).rejects.toThrow('no model was found')
})
