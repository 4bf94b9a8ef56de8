import { randomBytes } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type LocalHub, type LocalHubOptions, startLocalHub } from '../testing/local-hub.ts'
import { type PullOptions, pullModel } from './pull.ts'

const weights = randomBytes(300_000)
const files: Record<string, Uint8Array> = {
  'README.md': Buffer.from('a model'),
  'model_index.json': Buffer.from('{}'),
  'scheduler/scheduler_config.json': Buffer.from('{"a":1}'),
  'text_encoder/config.json': Buffer.from('{}'),
  'text_encoder/model.onnx': randomBytes(500),
  'unet/config.json': Buffer.from('{}'),
  'unet/model.onnx': randomBytes(900),
  'unet/model.onnx_data': weights,
  'unet/diffusion_pytorch_model.safetensors': randomBytes(100),
  'vae_decoder/model.onnx': randomBytes(700),
  'vae_encoder/model.onnx': randomBytes(0),
  'photo.png': randomBytes(50),
}
const wanted = Object.keys(files).filter((path) => !/safetensors|photo/.test(path))

let modelsDir: string
let hub: LocalHub
beforeEach(async () => {
  modelsDir = await mkdtemp(join(tmpdir(), 'pentimento-models-'))
})
afterEach(async () => {
  await hub.close()
  await rm(modelsDir, { recursive: true, force: true })
})

const start = async (options: Partial<LocalHubOptions> = {}) => {
  hub = await startLocalHub({ repo: 'them/tiny', files, large: ['unet/model.onnx_data'], ...options })
}
const pull = (options: Partial<PullOptions> = {}) =>
  pullModel({
    repo: 'them/tiny',
    revision: 'main',
    variant: null,
    modelsDir,
    hubUrl: hub.url,
    token: null,
    signal: AbortSignal.timeout(15_000),
    stallMs: 300,
    onPlan: () => {},
    onBytes: () => {},
    ...options,
  })

async function expectWhole(dir: string) {
  for (const path of wanted)
    expect((await readFile(join(dir, path))).equals(files[path] ?? Buffer.alloc(0)), path).toBe(true)
  expect(await readdir(modelsDir)).toEqual(['them--tiny'])
}

describe('pullModel', () => {
  it('brings what the model needs, byte for byte, and says where it is from', async () => {
    await start()
    let bytes = 0
    let planned = 0
    const dir = await pull({
      onPlan: (plan) => {
        planned = plan.bytes
      },
      onBytes: (done) => {
        expect(done).toBeGreaterThanOrEqual(bytes)
        bytes = done
      },
    })
    await expectWhole(dir)
    expect(bytes).toBe(planned)
    expect((await readdir(dir, { recursive: true })).filter((path) => /safetensors|png|part$/.test(path))).toEqual([])
    expect(JSON.parse(await readFile(join(dir, 'source.json'), 'utf8'))).toMatchObject({
      repository: 'them/tiny',
      revision: 'main',
    })
  })

  it('goes on where a cut connection stopped', async () => {
    await start({ cuts: { path: 'unet/model.onnx_data', afterBytes: 90_000, times: 3 } })
    await expectWhole(await pull())
    const ranges = hub.requests.filter((line) => line.includes('onnx_data bytes=') && !line.includes('bytes=0-0'))
    expect(ranges.length).toBeGreaterThanOrEqual(1)
    expect(ranges.every((line) => Number(/bytes=(\d+)/.exec(line)?.[1]) > 0)).toBe(true)
  })

  it('goes on when a transfer stalls', async () => {
    await start({ stall: { path: 'unet/model.onnx_data', afterBytes: 100_000 } })
    await expectWhole(await pull())
  })

  it('keeps what an interrupted pull had, and shows no half model', async () => {
    await start({ stall: { path: 'unet/model.onnx_data', afterBytes: 100_000 } })
    await expect(pull({ signal: AbortSignal.timeout(600), stallMs: 10_000 })).rejects.toThrow(/timeout|aborted/i)
    expect(await readdir(modelsDir)).toEqual([expect.stringMatching(/^\.pull-them--tiny-/)])
    await expectWhole(await pull())
  })

  it('throws wrong contents away and says so', async () => {
    await start({ corrupt: 'unet/model.onnx_data' })
    await expect(pull()).rejects.toThrow(/do not have the announced hash/)
    expect(await readdir(modelsDir)).toEqual([expect.stringMatching(/^\.pull-/)])
  })

  it('sends the token, and gives up at once without the right one', async () => {
    await start({ token: 'hf_secret' })
    await expect(pull()).rejects.toThrow(/credentials|401/i)
    await expectWhole(await pull({ token: 'hf_secret' }))
  })

  it.each([
    ['a repository that is not there', { repo: 'them/nothing' }, /not found/i],
    ['a name that is none', { repo: 'https://example.org/x' }, /owner\/name/],
    ['a name that leads out of the folder', { repo: '../..' }, /owner\/name|not found/i],
    ['a variant that is not there', { variant: 'fp16' }, /no part has a variant/],
  ])('refuses %s', async (_, options, message) => {
    await start()
    await expect(pull(options)).rejects.toThrow(message)
    expect(await readdir(modelsDir)).toEqual([])
  })

  it('refuses to overwrite a model', async () => {
    await start()
    await pull()
    await expect(pull()).rejects.toThrow(/there already/)
  })

  it('refuses a repository without ONNX graphs', async () => {
    await start({
      files: { 'model_index.json': Buffer.from('{}'), 'unet/diffusion_pytorch_model.safetensors': weights },
    })
    await expect(pull()).rejects.toThrow(/no ONNX UNet/)
  })
})
