import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describeModel } from '@pentimento/pipeline'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { loadConfig } from '../config.ts'
import { models } from './models.ts'
import { memoryNeed } from './report.ts'
import { tryModel } from './try-model.ts'

const fixture = (name: string) => fileURLToPath(new URL(`../../../../models/fixtures/${name}`, import.meta.url))

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'pentimento-models-'))
  for (const method of ['log', 'error'] as const) vi.spyOn(console, method).mockImplementation(() => {})
})
afterEach(async () => {
  vi.restoreAllMocks()
  await rm(dir, { recursive: true })
})

/** What the command prints, and its exit code. */
async function run(args: string[], env: Record<string, string> = {}) {
  const code = await models(loadConfig({ MODELS_DIR: dir, DEVICE: 'cpu', THREADS: '1', ...env }), args)
  const lines = (method: 'log' | 'error') => vi.mocked(console[method]).mock.calls.flat().join('\n')
  return { code, out: lines('log'), error: lines('error') }
}

describe('check', () => {
  it('says what a model is and that it runs', async () => {
    const { code, out } = await run(['check', fixture('tiny-sd1-fp16')])
    expect(code).toBe(0)
    for (const line of [
      /family +sd1, epsilon/,
      /exporter era +optimum-1\.24/,
      /unet +196\.4 kB, float16/,
      /memory +about/,
    ])
      expect(out).toMatch(line)
    expect(out).toMatch(/trial +runs on cpu \(asked for\): loaded in .* s, one step at 64 × 64 in/)
  })

  it('warns of what the trial met, but not of how the trial was made', async () => {
    const { out } = await run(['check', fixture('tiny-sd1-inpaint')])
    expect(out).toMatch(/\n {20}This export draws noise of its own/)
    expect(out).not.toMatch(/without a mask/)
  })

  it('says why a folder cannot run, before and after it was loaded', async () => {
    expect(await run(['check', dir])).toMatchObject({
      code: 1,
      error: expect.stringMatching(/cannot run: .*model_index/),
    })
    const model = join(dir, 'model')
    await cp(fixture('tiny-sd1'), model, { recursive: true })
    await cp(fixture('tiny-sd1/vae_encoder/config.json'), join(model, 'tokenizer/vocab.json'))
    expect(await run(['check', model])).toMatchObject({
      code: 1,
      out: expect.stringMatching(/family/),
      error: expect.stringMatching(/cannot run: tokenizer has no token/),
    })
  })

  it('prints what a model says of itself as text, whatever it holds', async () => {
    const model = join(dir, 'model')
    await cp(fixture('tiny-sd1'), model, { recursive: true })
    const said = { title: 'a\u001b[2Jb\u009b1mc\u202ed', licence: 'x\rMIT', sizes: { max: 64 } }
    await writeFile(join(model, 'pentimento.json'), JSON.stringify(said))
    const { out } = await run(['check', model])
    expect(out).toContain('model: a\ufffd[2Jb\ufffd1mc\ufffdd')
    expect(out).toContain('x\ufffdMIT')
    await writeFile(join(model, 'pentimento.json'), JSON.stringify({ defaults: { sampler: '\u001b]0;x\u0007' } }))
    expect((await run(['check', model])).error).toContain('is "\ufffd]0;x\ufffd"')
    expect((await run(['list'])).out).not.toContain('\u001b')
  })

  it('says what a file is that is no model, and where it belongs', async () => {
    const file = join(dir, 'detail.safetensors')
    const header = JSON.stringify({
      __metadata__: { 'modelspec.license': 'MIT\u001b[2J' },
      'lora_unet_mid_block_attentions_0_proj_in.lora_down.weight': { dtype: 'F16', shape: [0], data_offsets: [0, 0] },
    })
    const length = Buffer.alloc(8)
    length.writeBigUInt64LE(BigInt(header.length))
    await writeFile(file, Buffer.concat([length, Buffer.from(header)]))
    const { code, out } = await run(['check', file])
    expect(code).toBe(0)
    for (const line of [
      /file +a LoRA/,
      /told by +it has "lora_unet/,
      /made for +not told/,
      /layers +1 of the UNet/,
      /licence +MIT\ufffd/,
      /goes into +loras\/ of/,
    ])
      expect(out).toMatch(line)
    await writeFile(file, '<html>')
    expect(await run(['check', file])).toMatchObject({
      code: 1,
      error: expect.stringMatching(/cannot run: It is a web/),
    })
  })

  it('reckons with halves twice as wide, and the largest once more', async () => {
    const description = await describeModel(fixture('tiny-sd1-fp16'))
    const { unet = 0, text_encoder = 0, vae_encoder = 0, vae_decoder = 0 } = description.parts
    expect(memoryNeed(description)).toBe(5e8 + 2 * (unet + text_encoder + vae_encoder + vae_decoder) + 2 * unet)
    const mixed = { ...description, dtypes: { ...description.dtypes, vae_decoder: 'float32' } }
    expect(memoryNeed(mixed)).toBe(memoryNeed(description) - vae_decoder)
  })

  it('tries no model that needs more memory than is free', async () => {
    const description = await describeModel(fixture('tiny-sd1'))
    const options = { device: 'cpu', threads: 1, freeBytes: memoryNeed(description) - 1 } as const
    expect(await tryModel('nowhere', description, options)).toMatch(/^not tried here: 500\.8 MB of memory are free/)
  })
})

describe('list', () => {
  it('shows what a worker would serve', async () => {
    await symlink(fixture('tiny-sd1'), join(dir, 'linked'))
    await mkdir(join(dir, 'empty'))
    await mkdir(join(dir, '.pull-x'))
    const { out } = await run(['list'])
    expect(out.split('\n').map((line) => line.split(/ +/).slice(0, 3).join(' '))).toEqual([
      'still-life sd1 128',
      'empty cannot run:',
      'linked sd1 128',
    ])
  })

  it('heeds BUILTIN_MODEL and MODELS', async () => {
    expect((await run(['list'], { BUILTIN_MODEL: 'off' })).out).toBe(`no models in ${dir}`)
    await symlink(fixture('tiny-sd1'), join(dir, 'one'))
    await symlink(fixture('tiny-sd1'), join(dir, 'two'))
    vi.mocked(console.log).mockClear()
    expect((await run(['list'], { MODELS: 'two' })).out).toMatch(/^two [^\n]*$/)
  })
})

it('explains itself', async () => {
  expect(await run(['--help'])).toMatchObject({ code: 0, out: expect.stringMatching(/pull OWNER\/NAME/) })
  expect(await run(['check'])).toMatchObject({ code: 2, error: expect.stringMatching(/check PATH/) })
})
