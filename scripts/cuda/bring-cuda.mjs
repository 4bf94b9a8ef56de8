import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findNode24 } from '../node-24.mjs'
import { runToEnd } from '../run.mjs'
import { findProgram } from '../system-packages.mjs'
import { cacheFolder, prepareCache, unpackedBytes } from './cache.mjs'
import { gigabytes, lockFile, namedLibraries, readLock, sum, wheelFolder } from './lock.mjs'
import { ensurePip } from './pip.mjs'
import { findSystemLibraries } from './system-libraries.mjs'

/** The exit code by which flock says that another process has the lock. */
const LOCKED = 75

/** ONNX Runtime's own library, as the npm package has it. */
export function runtimeLibrary(root) {
  const entry = createRequire(join(root, 'packages/pipeline/package.json')).resolve('onnxruntime-node')
  return join(dirname(dirname(entry)), 'bin/napi-v6/linux/x64/libonnxruntime.so.1')
}

/**
 * What CUDA is run with, in this order: a provider that lies beside ONNX Runtime already; what was fetched before; our
 * provider with the system's CUDA; everything fetched. What is not of our choice is taken only if it paints.
 *
 * @param fetch whether what is missing may be downloaded
 * @returns environment that lets the loader find it, and where it comes from; undefined if there is none
 */
export async function bringCuda(root, env, { fetch, lockPath = fileURLToPath(lockFile) }) {
  const cache = cacheFolder(root, env)
  const { wheels } = readLock(lockPath)
  const runtime = runtimeLibrary(root)
  const isThere = (some) => some.every((wheel) => existsSync(wheelFolder(cache, wheel)))
  const found = (from, some, others = []) => {
    const folders = [...some.map((wheel) => wheelFolder(cache, wheel)), ...others, env.LD_LIBRARY_PATH]
    return { from, env: { LD_LIBRARY_PATH: folders.filter(Boolean).join(delimiter) } }
  }
  const [provider, ...libraries] = wheels
  if (existsSync(join(dirname(runtime), 'libonnxruntime_providers_cuda.so')) && paints(root, env))
    return { from: 'installed', env: {} }
  if (isThere(wheels)) return found('fetched', wheels)
  const folders = findSystemLibraries(namedLibraries(libraries), env)
  if (folders && (fetch || isThere([provider]))) {
    await fetchMissing([provider], { cache, runtime, lockPath }, env)
    const system = found('system', [provider], folders)
    if (paints(root, { ...env, ...system.env })) return system
  }
  if (!fetch) return undefined
  await fetchMissing(wheels, { cache, runtime, lockPath }, env)
  return found('fetched', wheels)
}

/** Whether a small picture can be painted on CUDA, in a process of its own. */
function paints(root, env) {
  const script = join(root, 'scripts/cuda/try-device.ts')
  const { status } = spawnSync(findNode24(root), ['--conditions=source', script, 'cuda'], { env, timeout: 120_000 })
  return status === 0
}

async function fetchMissing(wheels, { cache, runtime, lockPath }, env) {
  const missing = wheels.filter((wheel) => !existsSync(wheelFolder(cache, wheel)))
  if (missing.length === 0) return
  const pip = await ensurePip(env)
  const flock = findProgram(['flock'])
  if (flock === undefined)
    throw new Error('To fetch the CUDA libraries takes flock: install util-linux, or set GPU=off.')
  prepareCache(cache, missing)
  const size = `${gigabytes(sum(missing.map(({ bytes }) => bytes)))} to download, ${gigabytes(unpackedBytes(missing))} in ${cache}`
  console.log(`Fetching CUDA for the GPU, once: ${size} …`)
  const script = fileURLToPath(new URL('./fetch.mjs', import.meta.url))
  const program = [
    process.execPath,
    script,
    JSON.stringify(pip),
    lockPath,
    cache,
    runtime,
    ...wheels.map(({ name }) => name),
  ]
  const exclusive = ['--no-fork', '--conflict-exit-code', String(LOCKED)]
  const alone = (...options) =>
    runToEnd(flock, [...exclusive, ...options, join(cache, 'cuda', 'lock'), ...program], { env })
  let code = await alone('--nonblock')
  if (code === LOCKED) {
    console.log('Another start is fetching them; waiting for it …')
    code = await alone()
  }
  if (code > 128) throw new Error('interrupted')
  if (code !== 0)
    throw new Error('The CUDA libraries could not be fetched; what is complete is kept for the next start.')
}
