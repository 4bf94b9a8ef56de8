import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { modelEntry } from '@pentimento/contracts'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { findModels } from './find-models.ts'

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
  })
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
    'MODELS names "c", but there is no such folder; there are: a, b, empty',
  )
  await expect(find({ only: ['empty'] })).rejects.toThrow('MODELS names "empty", which cannot be run')
  const other = await find({ only: ['a'], default: 'b' })
  expect(other.default.ref.id).toBe('a')
  expect(warnings).toEqual([expect.stringContaining('DEFAULT_MODEL "b" is not served here')])
})

it('says where it looked when there is no model', async () => {
  await expect(find()).rejects.toThrow(`put one into a subfolder of ${dir}`)
  await rm(dir, { recursive: true })
  await expect(find()).rejects.toThrow('no model was found')
})
