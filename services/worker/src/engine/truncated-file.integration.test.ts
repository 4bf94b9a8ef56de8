import { readFileSync } from 'node:fs'
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { Engine } from './engine.ts'
import { requestFor, rows } from './testing/requests.ts'

let dir: string
let engine: Engine
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'pentimento-truncated-'))
  engine = new Engine({
    entry: new URL('./main.ts', import.meta.url),
    init: { device: 'cpu', threads: 1, modelMemoryBytes: 1e9, loadMode: 'lean', slots: 1, rows, warmShapes: [] },
    env: { PATH: '/usr/bin' },
    startTimeoutMs: 30_000,
    cancelGraceMs: 1000,
    onOutput: () => {},
    onState: () => {},
  })
})
afterEach(async () => {
  await engine.stop()
  await rm(dir, { recursive: true })
})

/**
 * A small SD 1.x checkpoint with names as diffusers takes them, whose weights are zeros.
 *
 * @returns the length of its header in bytes
 */
async function writeCheckpoint(path: string): Promise<number> {
  const fixture = new URL('../../../../packages/checkpoints/fixtures/names.json.gz', import.meta.url)
  const { families } = JSON.parse(gunzipSync(readFileSync(fixture)).toString())
  let place = 0
  const header = Object.entries<number[]>(families.sd1.stored).map(([name, stored]) => {
    const shape = name.includes('token_embedding') ? [49_408, stored[1]] : stored
    const begin = place
    place += shape.reduce<number>((product, dim) => product * (dim ?? 0), 4)
    return [name, { dtype: 'F32', shape, data_offsets: [begin, place] }]
  })
  const text = Buffer.from(JSON.stringify(Object.fromEntries(header)))
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(text.length))
  await writeFile(path, Buffer.concat([length, text]))
  await truncate(path, 8 + text.length + place)
  return 8 + text.length
}

it('ends one run at most when a mapped file is cut off under it, and then says what is wrong with the file', async () => {
  const file = join(dir, 'model.safetensors')
  const start = await writeCheckpoint(file)
  const model = { id: 'model', dir: file, bytes: 1e6 }
  const picture = { width: 64, height: 64, data: new Uint8Array(64 * 64 * 3).fill(120) }
  const request = requestFor({}, { prompt: '', image: picture, width: 64, height: 64, steps: 30 })
  const cut = engine.generate(model, request, {
    timeoutMs: 50_000,
    onProgress: ({ phase, step }) => {
      if (phase === 'denoising' && step === 1) void truncate(file, start)
    },
  })
  await expect(cut).rejects.toMatchObject({ code: 'crashed' })
  for (const _ of [1, 2]) {
    await expect(engine.generate(model, request, { timeoutMs: 50_000 })).rejects.toMatchObject({
      code: 'model_unusable',
      message: expect.stringMatching(/was not copied or downloaded completely\. Fetch it again\.$/),
    })
  }
  await writeCheckpoint(file)
  const { result } = await engine.generate(model, request, { timeoutMs: 50_000 })
  expect(result.images).toHaveLength(1)
})
