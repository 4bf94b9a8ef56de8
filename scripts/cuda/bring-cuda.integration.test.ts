import { spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { bringCuda, runtimeLibrary } from './bring-cuda.mjs'
import { makeWheel, startIndex } from './package-index.testing.ts'
import { findPip } from './pip.mjs'

const root = fileURLToPath(new URL('../../', import.meta.url))
const isMissing = process.platform !== 'linux' || process.arch !== 'x64' || findPip(process.env) === undefined
if (isMissing) process.stdout.write('skipped: fetching CUDA, for want of pip on Linux x64\n')

const library = (name: string) => ({ name: `nvidia/cu13/lib/${name}`, content: randomBytes(300_000) })
const capi = (name: string) => ({ name: `onnxruntime/capi/${name}`, content: randomBytes(1000) })
const providers = ['libonnxruntime_providers_cuda.so', 'libonnxruntime_providers_shared.so']
const provider = makeWheel('onnxruntime-gpu', '1.30.0', providers.map(capi))
const blas = makeWheel('nvidia-blas', '13.0.1', [library('libpentimentoblas.so.13')])
const wheels = [provider, blas]
const names = wheels.map(({ locked }) => `${locked.name}-${locked.version}-${locked.sha256.slice(0, 12)}`)
const files = wheels.map(({ locked }) => locked.file)

let dir: string
let env: Record<string, string>
let lockPath: string
let index: Awaited<ReturnType<typeof startIndex>>

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'pentimento-cuda-'))
  index = await startIndex(wheels)
  env = {
    PATH: process.env.PATH ?? '',
    HOME: dir,
    PENTIMENTO_CACHE: join(dir, 'cache'),
    PIP_CONFIG_FILE: '/dev/null',
    PIP_INDEX_URL: `${index.url}/simple`,
    PIP_RETRIES: '0',
  }
  lockPath = join(dir, 'lock.json')
  writeLock(wheels.map(({ locked }) => locked))
})
afterEach(async () => {
  await index.close()
  rmSync(dir, { recursive: true, force: true })
})

function writeLock(locked: (typeof provider)['locked'][]): void {
  writeFileSync(lockPath, JSON.stringify({ onnxruntime: '1.30.0', driver: 580, capability: 7.5, wheels: locked }))
}

const bring = (fetch = true) => bringCuda(root, env, { fetch, lockPath })
const cached = () => readdirSync(join(dir, 'cache/cuda')).filter((name) => name !== 'lock')
const folders = () => names.map((name) => join(dir, 'cache/cuda', name))

describe.skipIf(isMissing)('bringCuda', () => {
  it('fetches each wheel once, keeps its libraries alone, and leads the loader there', async () => {
    expect(await bring(false)).toBeUndefined()
    env.LD_LIBRARY_PATH = '/own/libraries'
    const LD_LIBRARY_PATH = [...folders(), '/own/libraries'].join(':')
    expect(await bring()).toEqual({ from: 'fetched', env: { LD_LIBRARY_PATH } })
    expect(index.downloads).toEqual(files)
    expect(cached().toSorted()).toEqual(names.toSorted())
    expect(readdirSync(folders()[0]!).toSorted()).toEqual(['libonnxruntime.so.1', ...providers])
    expect(readdirSync(folders()[1]!)).toEqual(['libpentimentoblas.so.13'])
    expect(await bring()).toMatchObject({ from: 'fetched' })
    expect(await bring(false)).toMatchObject({ from: 'fetched' })
    expect(index.downloads).toEqual(files)
    // onnxruntime-node loads itself from there, and looks there for its providers.
    const found = await bring()
    const script = `
      const ort = require(${JSON.stringify(join(runtimeLibrary(root), '../../../../../dist/index.js'))})
      const cuda = ort.InferenceSession.create(new Uint8Array(8), { executionProviders: ['cuda'] })
      cuda.catch(() => console.log(require('fs').readFileSync('/proc/self/maps', 'utf8')))`
    const { stdout, stderr } = spawnSync(process.execPath, ['-e', script], {
      env: { ...env, ...found?.env },
      encoding: 'utf8',
    })
    const loaded = stdout.match(/\S*libonnxruntime\.so\.1/g) ?? []
    expect(new Set(loaded)).toEqual(new Set([join(folders()[0]!, 'libonnxruntime.so.1')]))
    expect(stderr).toContain(join(folders()[0]!, 'libonnxruntime_providers_'))
  })

  it('goes on after a download that broke, with what is complete', async () => {
    index.broken.add(files[1]!)
    await expect(bring()).rejects.toThrow(/could not be fetched; what is complete is kept/)
    expect(cached()).toEqual([names[0]])
    index.broken.clear()
    index.downloads.length = 0
    await bring()
    expect(index.downloads).toEqual(files.slice(1))
  })

  it('refuses a file with another hash, and keeps nothing of it', async () => {
    writeLock([{ ...blas.locked, sha256: `${'0'.repeat(63)}1` }])
    await expect(bring()).rejects.toThrow(/could not be fetched/)
    expect(cached()).toEqual([])
  })

  it('refuses a file whose libraries are not those of the lock, and keeps nothing of it', async () => {
    writeLock([{ ...blas.locked, libraries: [{ path: 'nvidia/cu13/lib/libpentimentoblas.so.13', bytes: 5 }] }])
    await expect(bring()).rejects.toThrow(/could not be fetched/)
    expect(cached()).toEqual([])
  })

  it('fetches once when two start at the same time', async () => {
    writeLock([blas.locked])
    const both = await Promise.all([bring(), bring()])
    expect(both[0]).toEqual(both[1])
    expect(index.downloads).toEqual(files.slice(1))
  })

  it('ends when it is told to, and what it leaves hinders nobody', async () => {
    const script = `import { bringCuda } from './scripts/cuda/bring-cuda.mjs'
      await bringCuda(${JSON.stringify(root)}, process.env, { fetch: true, lockPath: ${JSON.stringify(lockPath)} })`
    index.stalled.add(files[1]!)
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], { cwd: root, env })
    while (!index.downloads.includes(files[1]!)) await sleep(20)
    child.kill('SIGTERM')
    await once(child, 'exit')
    expect(cached()).toEqual([names[0]])
    // As after a loss of power.
    mkdirSync(join(dir, 'cache/cuda/partial/libraries'), { recursive: true })
    writeFileSync(join(dir, 'cache/cuda/partial/libraries/libpentimentoblas.so.13'), 'half')
    index.stalled.clear()
    await bring()
    expect(cached().toSorted()).toEqual(names.toSorted())
  })

  it('heeds the proxy that pip is configured for', async () => {
    writeFileSync(
      join(dir, 'pip.conf'),
      `[global]\nindex-url = http://mirror.example/simple\nproxy = ${index.url}\ntrusted-host = mirror.example\n`,
    )
    delete env.PIP_INDEX_URL
    env.PIP_CONFIG_FILE = join(dir, 'pip.conf')
    writeLock([blas.locked])
    await bring()
    expect([...index.hosts]).toEqual(['mirror.example'])
    expect(cached()).toEqual(names.slice(1))
  })

  it("takes no CUDA of the system's that paints nothing", async () => {
    const system = join(dir, 'system')
    mkdirSync(system)
    writeFileSync(join(system, 'libpentimentoblas.so.13'), '')
    writeLock([blas.locked])
    env.LD_LIBRARY_PATH = system
    expect(await bring()).toMatchObject({ from: 'fetched' })
  })

  it('says where there is no room, and where the cache cannot be', async () => {
    writeLock([{ ...provider.locked, bytes: 1e18 }])
    await expect(bring()).rejects.toThrow(/need \d+\.\d GB in .*: make room, or set PENTIMENTO_CACHE/)
    writeFileSync(join(dir, 'file'), '')
    env.PENTIMENTO_CACHE = join(dir, 'file/cache')
    await expect(bring()).rejects.toThrow(/cannot be kept in .*\(ENOTDIR\): set PENTIMENTO_CACHE/)
    env.PENTIMENTO_CACHE = join(dir, 'a:b')
    await expect(bring()).rejects.toThrow(/without colon/)
    expect(index.downloads).toEqual([])
    expect(existsSync(join(dir, 'a:b'))).toBe(false)
  })
})
