import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises'
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
    file: null,
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

  // More often than attempts are allowed in a row: a transfer that brought something counts as none.
  it('goes on where a cut connection stopped, as often as it takes', async () => {
    await start({ cuts: { path: 'unet/model.onnx_data', afterBytes: 40_000, times: 7 } })
    await expectWhole(await pull({ attempts: 4 }))
    const offsets = hub.requests.flatMap((line) => /^storage \/unet.* bytes=(\d+)/.exec(line)?.[1] ?? []).map(Number)
    expect(offsets.length).toBe(8)
    // A cut may lose what was on its way, so that two in a row begin at the same place.
    expect(offsets).toEqual(offsets.toSorted((a, b) => a - b))
    expect(new Set(offsets).size).toBeGreaterThan(4)
  })

  it('gives up when transfers bring nothing', async () => {
    await start({ cuts: { path: 'unet/model.onnx_data', afterBytes: 0, times: 99 } })
    await expect(pull({ attempts: 2 })).rejects.toThrow(/unet\/model\.onnx_data: gave up after 2 attempts/)
  })

  it('begins a file again where the server knows no ranges', async () => {
    await start({ noRanges: true, cuts: { path: 'unet/model.onnx_data', afterBytes: 30_000, times: 1 } })
    await expectWhole(await pull())
  })

  it('goes on when a transfer stalls', async () => {
    await start({ stall: { path: 'unet/model.onnx_data', afterBytes: 100_000 } })
    await expectWhole(await pull())
  })

  it('keeps what an interrupted pull had, and shows no half model', async () => {
    await start({ stall: { path: 'unet/model.onnx_data', afterBytes: 100_000 } })
    await expect(pull({ signal: AbortSignal.timeout(600), stallMs: 10_000 })).rejects.toThrow(
      /timeout.*pull again to go on/,
    )
    expect(await readdir(modelsDir)).toEqual([expect.stringMatching(/^\.pull-them--tiny-/)])
    await expectWhole(await pull())
  })

  it('throws wrong contents away and says so', async () => {
    await start({ corrupt: 'unet/model.onnx_data' })
    await expect(pull()).rejects.toThrow(/do not have the announced hash/)
    expect(await readdir(modelsDir)).toEqual([expect.stringMatching(/^\.pull-/)])
  })

  it('sends the token to the hub and to nobody else, and gives up at once without the right one', async () => {
    await start({ token: 'secret-token' })
    await expect(pull()).rejects.toThrow(/set HF_TOKEN .*\(401\)/)
    await expect(pull({ token: 'another' })).rejects.toThrow(/does not accept HF_TOKEN.*\(401\)/)
    await expectWhole(await pull({ token: 'secret-token' }))
    expect(hub.requests.some((line) => line.startsWith('storage /unet'))).toBe(true)
    expect(hub.leaked).toEqual([])
  })

  it('waits when the hub is busy or out of order, as long as it says', async () => {
    await start({ fail: { path: '/tree/', status: 429, times: 1, retryAfter: 1 } })
    const started = performance.now()
    await expectWhole(await pull())
    expect(performance.now() - started).toBeGreaterThan(950)
    await hub.close()
    await rm(modelsDir, { recursive: true })
    await start({ fail: { path: '/resolve/', status: 503, times: 2 } })
    await expectWhole(await pull())
  })

  it('asks again where no answer comes', async () => {
    await start({ silent: { path: '/resolve/', times: 1 } })
    await expectWhole(await pull())
  })

  it.each([
    [403, /accept its conditions at http.*\/them\/tiny/],
    [404, /was not found, or it has no revision "main"/],
    [500, /out of order \(500\)/],
  ])('says what a status of %i means', async (status, message) => {
    await start({ fail: { path: '/api/', status, times: 99 } })
    await expect(pull({ attempts: 2 })).rejects.toThrow(message)
  })

  it('says that a hub cannot be reached', async () => {
    await start()
    await hub.close()
    await expect(pull({ attempts: 2 })).rejects.toThrow(/cannot be reached \(ECONNREFUSED\)/)
    await start()
  })

  // A limit on the size of this process's files stands for a full disk: both end a write half-way.
  it.skipIf(!existsSync('/usr/bin/prlimit'))('ends at once when the disk takes no more', async () => {
    await start()
    const limit = (bytes: string) =>
      execFileSync('/usr/bin/prlimit', ['--pid', String(process.pid), `--fsize=${bytes}:`])
    limit('100000')
    try {
      await expect(pull()).rejects.toThrow(/file too large/)
    } finally {
      limit('unlimited')
    }
    expect(hub.requests.filter((line) => line.startsWith('storage /unet')).length).toBe(1)
  })

  it('refuses what the disk has no room for before it loads anything', async () => {
    const huge = { size: 2 ** 52 }
    await start({ listedSizes: { 'unet/model.onnx_data': huge.size } })
    await expect(pull()).rejects.toThrow(/needs 4503\.\d TB of disk, and .* are free/)
    expect(hub.requests.some((line) => line.includes('/resolve/'))).toBe(false)
  })

  it('keeps two pulls of one model apart, and is not held up by one that was killed', async () => {
    await start()
    const both = await Promise.allSettled([pull(), pull()])
    const refused = both.filter(({ status }) => status === 'rejected')
    expect(refused).toHaveLength(1)
    expect(refused[0]).toMatchObject({
      reason: { message: expect.stringMatching(/another pull of this model is under way/) },
    })
    await rm(join(modelsDir, 'them--tiny'), { recursive: true })
    const lock = join(modelsDir, '.pull-them--tiny.lock')
    await writeFile(lock, '')
    await utimes(lock, new Date(0), new Date(0))
    await expectWhole(await pull())
  })

  it('pulls another revision, whatever is in its name', async () => {
    await start({ revisions: ['main', 'refs/pr/3'] })
    await expectWhole(await pull({ revision: 'refs/pr/3' }))
  })

  it.each([
    ['a repository that is not there', { repo: 'them/nothing' }, /not found/i],
    ['a name that is none', { repo: 'https://example.org/x' }, /owner\/name/],
    ['a name that leads out of the folder', { repo: '../..' }, /owner\/name|not found/i],
    ['a revision that is not there', { revision: 'onnx' }, /no revision "onnx"/],
    ['a variant that is not there', { variant: 'fp16' }, /no part has a variant/],
    ['a file that is not there', { file: 'x.safetensors' }, /no file "x\.safetensors"; it has unet\/diffusion/],
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

  it('refuses a repository without a whole model', async () => {
    await start({
      files: { 'model_index.json': Buffer.from('{}'), 'unet/diffusion_pytorch_model.safetensors': weights },
    })
    await expect(pull()).rejects.toThrow(/no whole model in folders.*--file/)
  })

  it('brings a folder of safetensors, in halves where there are such', async () => {
    const parts = ['unet/diffusion_pytorch_model', 'vae/diffusion_pytorch_model', 'text_encoder/model']
    const weightFiles = parts.flatMap((name) => [`${name}.safetensors`, `${name}.fp16.safetensors`])
    const folder = ['model_index.json', 'unet/config.json', ...weightFiles]
    await start({ files: Object.fromEntries(folder.map((path) => [path, Buffer.from(path)])), large: weightFiles })
    const dir = await pull()
    const found = await readdir(dir, { recursive: true, withFileTypes: true })
    expect(found.filter((one) => one.isFile()).map(({ name }) => name)).toEqual(
      expect.not.arrayContaining(['diffusion_pytorch_model.safetensors', 'model.safetensors']),
    )
    for (const name of parts)
      expect(await readFile(join(dir, `${name}.fp16.safetensors`), 'utf8')).toBe(`${name}.fp16.safetensors`)
  })
})

describe('a single file', () => {
  const header = (names: string[]) => {
    const json = JSON.stringify(
      Object.fromEntries(names.map((name) => [name, { dtype: 'F32', shape: [0], data_offsets: [0, 0] }])),
    )
    const length = Buffer.alloc(8)
    length.writeBigUInt64LE(BigInt(json.length))
    return Buffer.concat([length, Buffer.from(json)])
  }
  const checkpoint = header(['model.diffusion_model.input_blocks.0.0.weight'])
  const single = {
    'realistic.safetensors': checkpoint,
    'extra/detail.safetensors': header(['lora_unet_mid_block.lora_down.weight']),
    'page.safetensors': Buffer.from('<!DOCTYPE html>'),
  }

  it('gets its own name in the models folder, and in that of its kind if it is no model', async () => {
    await start({ files: single, large: ['realistic.safetensors'] })
    expect(await pull({ file: 'realistic.safetensors' })).toBe(join(modelsDir, 'realistic.safetensors'))
    expect(await readFile(join(modelsDir, 'realistic.safetensors'))).toEqual(checkpoint)
    expect(await pull({ file: 'extra/detail.safetensors' })).toBe(join(modelsDir, 'loras/detail.safetensors'))
    expect((await readdir(modelsDir, { recursive: true })).toSorted()).toEqual(
      ['loras', 'loras/detail.safetensors', 'realistic.safetensors'].toSorted(),
    )
  })

  it('is refused where one of its name lies, or if it is none', async () => {
    await start({ files: single })
    await pull({ file: 'extra/detail.safetensors' })
    await expect(pull({ file: 'extra/detail.safetensors' })).rejects.toThrow(
      /loras\/detail\.safetensors is there already/,
    )
    await expect(pull({ file: 'page.safetensors' })).rejects.toThrow(/It is a web page/)
    await expect(pull({ file: 'realistic.safetensors', variant: 'fp16' })).rejects.toThrow(/has no variants/)
    expect((await readdir(modelsDir)).filter((name) => !name.startsWith('.pull-'))).toEqual(['loras'])
  })

  it('that was cut is gone on with', async () => {
    const whole = Buffer.concat([checkpoint])
    await start({ files: single, cuts: { path: 'realistic.safetensors', afterBytes: 20, times: 1 } })
    expect(await readFile(await pull({ file: 'realistic.safetensors' }))).toEqual(whole)
  })
})
