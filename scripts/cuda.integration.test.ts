import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { findPip } from './cuda/pip.mjs'
import { ensureCuda } from './cuda.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const none = { present: false, driver: null, gpus: [], problem: null }
const h200 = { ...none, present: true, driver: '580.95.05' }
const old = { ...h200, driver: '535.183.01', problem: 'The NVIDIA driver 535.183.01 is too old.' }

let dir: string
let env: NodeJS.ProcessEnv
let said: string[]
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'pentimento-cuda-'))
  // An index that nobody serves.
  const index = { PIP_CONFIG_FILE: '/dev/null', PIP_INDEX_URL: 'http://127.0.0.1:9/simple', PIP_RETRIES: '0' }
  env = { PATH: process.env.PATH, HOME: dir, PENTIMENTO_CACHE: join(dir, 'cache'), ...index }
  said = []
  vi.spyOn(console, 'log').mockImplementation((line) => void said.push(line))
})
afterEach(() => {
  vi.restoreAllMocks()
  rmSync(dir, { recursive: true })
})

const isMissing = process.platform !== 'linux' || process.arch !== 'x64' || findPip(process.env) === undefined

describe('ensureCuda', () => {
  it('does nothing, and says nothing, on a machine without a GPU', async () => {
    expect(await ensureCuda(root, env, { fetch: true, nvidia: none })).toEqual({})
    expect(await ensureCuda(root, { ...env, DEVICE: 'webgpu' }, { fetch: true, nvidia: h200 })).toEqual({})
    expect(said).toEqual([])
    expect(existsSync(join(dir, 'cache'))).toBe(false)
  })

  it('leaves a GPU alone with GPU=off, and takes no other word for it', async () => {
    const off = { ...env, GPU: 'off' }
    expect(await ensureCuda(root, off, { fetch: true, nvidia: h200 })).toEqual({ DEVICE: 'cpu' })
    expect(await ensureCuda(root, { ...off, DEVICE: 'webgpu' }, { fetch: true, nvidia: h200 })).toEqual({})
    await expect(ensureCuda(root, { ...env, GPU: 'no' }, { fetch: true })).rejects.toThrow(
      'GPU must be on or off, not "no"',
    )
    expect(existsSync(join(dir, 'cache'))).toBe(false)
  })

  it.skipIf(isMissing)(
    'fetches nothing for a driver that cannot run it: auto goes on, DEVICE=cuda does not',
    async () => {
      expect(await ensureCuda(root, env, { fetch: true, nvidia: old })).toEqual({})
      expect(said).toEqual([`${old.problem} Going on without CUDA.`])
      await expect(ensureCuda(root, { ...env, DEVICE: 'cuda' }, { fetch: true, nvidia: old })).rejects.toThrow(
        old.problem,
      )
      expect(existsSync(join(dir, 'cache'))).toBe(false)
    },
  )

  it.skipIf(isMissing)('says the size first, and goes on without CUDA where nothing can be fetched', async () => {
    expect(await ensureCuda(root, env, { fetch: false, nvidia: h200 })).toEqual({})
    expect(said).toEqual([])
    expect(await ensureCuda(root, env, { fetch: true, nvidia: h200 })).toEqual({})
    expect(said).toEqual([
      `Fetching CUDA for the GPU, once: 1.2 GB to download, 1.6 GB in ${join(dir, 'cache')} …`,
      'The CUDA libraries could not be fetched; what is complete is kept for the next start. Going on without CUDA.',
    ])
  })
})
