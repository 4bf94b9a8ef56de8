// What Pentimento would run on, and what is missing: npm run doctor. Downloads and changes nothing. Ends with 1 where
// DEVICE cannot be used.
import { spawnSync } from 'node:child_process'
import { freemem, totalmem } from 'node:os'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bringCuda } from './cuda/bring-cuda.mjs'
import { cacheFolder, unpackedBytes } from './cuda/cache.mjs'
import { gigabytes, readLock, sum } from './cuda/lock.mjs'
import { findNvidia } from './cuda/nvidia.mjs'
import { findPip } from './cuda/pip.mjs'
import { wantsGpu } from './cuda.mjs'
import { diagnose } from './doctor/diagnose.mjs'
import { canUseApt } from './system-packages.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const { env } = process
const lock = readLock()

async function examine() {
  const isOff = !wantsGpu(env)
  const wanted = isOff ? env.DEVICE || 'cpu' : env.DEVICE || 'auto'
  const isSupported = process.platform === 'linux' && process.arch === 'x64'
  const nvidia = isSupported ? findNvidia(lock, env) : { present: false, driver: null, gpus: [], problem: null }
  const mayUse = isSupported && !isOff && nvidia.problem === null && (nvidia.present || wanted === 'cuda')
  const cuda = mayUse ? await bringCuda(root, env, { fetch: false }) : undefined
  const tried = spawnSync(process.execPath, ['--conditions=source', 'scripts/cuda/try-device.ts', wanted], {
    cwd: root,
    env: { ...env, ...cuda?.env },
    encoding: 'utf8',
    timeout: 120_000,
  })
  return {
    isOff,
    isSupported,
    wanted,
    nvidia,
    oldestDriver: lock.driver,
    cuda: cuda?.from ?? null,
    device: JSON.parse(tried.stdout.trim().split('\n').at(-1) || '{"error":"the process that tried it died"}'),
    memory: { free: freemem(), total: totalmem() },
    cache: cacheFolder(root, env),
    download: gigabytes(sum(lock.wheels.map(({ bytes }) => bytes))),
    unpacked: gigabytes(unpackedBytes(lock.wheels)),
    versions: Object.fromEntries(lock.wheels.map(({ name, version }) => [name, version])),
    hasPip: findPip(env) !== undefined || canUseApt(),
  }
}

try {
  const { lines, usable } = diagnose(await examine())
  for (const [name, text] of lines) console.log(`${name.padEnd(10)} ${text}`)
  process.exitCode = usable ? 0 : 1
} catch (error) {
  console.error(`error: ${error.message}`)
  process.exitCode = 1
}
