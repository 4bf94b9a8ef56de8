import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { findProgram } from '../system-packages.mjs'
import { findSystemLibraries } from './system-libraries.mjs'

/**
 * @typedef {object} Nvidia
 * @property {boolean} present whether the kernel has a driver; `dxg` is how Windows' subsystem for Linux lends a GPU of
 * any make
 * @property {string | null} driver its version, where it can be told
 * @property {{ name: string, capability: string, totalMb: number, freeMb: number }[]} gpus as nvidia-smi lists them
 * @property {string | null} problem why CUDA cannot work with it, and what to do
 */

/** Looks for NVIDIA's driver and GPUs; by the same files as the pipeline, which `auto` chooses by. */
export function findNvidia(lock, env, root = '/') {
  const wsl = existsSync(join(root, 'dev/dxg'))
  if (!wsl && !existsSync(join(root, 'dev/nvidiactl'))) return { present: false, driver: null, gpus: [], problem: null }
  const library = findSystemLibraries(['libcuda.so.1'], env, root) !== undefined
  // Windows' GPU may be of another make: that is no driver with a fault.
  if (wsl && !library) return { present: false, driver: null, gpus: [], problem: null }
  const listed = askSmi(env, root)
  const driver = listed[0]?.driver ?? kernelModule(root)
  const gpus = listed.map(({ driver: _, ...gpu }) => gpu)
  return { present: true, driver, gpus, problem: problemOf(lock, { library, driver, gpus }) }
}

function problemOf(lock, { library, driver, gpus }) {
  if (!library)
    return "The NVIDIA driver is there without its CUDA library, libcuda.so.1: install that part of it (Debian: libcuda1; a container needs the driver capability 'compute')."
  if (driver !== null && Number.parseInt(driver, 10) < lock.driver)
    return `The NVIDIA driver ${driver} is too old for these CUDA libraries: install version ${lock.driver} or newer.`
  if (gpus.length > 0 && gpus.every(({ capability }) => Number(capability) < lock.capability))
    return `The CUDA libraries have no code for ${gpus[0].name} (compute capability ${gpus[0].capability}): they need ${lock.capability.toFixed(1)} or newer.`
  return null
}

function kernelModule(root) {
  const file = join(root, 'proc/driver/nvidia/version')
  return existsSync(file) ? (/\s(\d+\.\d[\d.]*)\s/.exec(readFileSync(file, 'utf8'))?.[1] ?? null) : null
}

function askSmi(env, root) {
  const smi = findProgram(['nvidia-smi'], [env.PATH, join(root, 'usr/lib/wsl/lib')].join(delimiter))
  if (smi === undefined) return []
  const query = '--query-gpu=driver_version,name,compute_cap,memory.total,memory.free'
  const { status, stdout } = spawnSync(smi, [query, '--format=csv,noheader,nounits'], {
    encoding: 'utf8',
    timeout: 20_000,
  })
  if (status !== 0) return []
  // What it says when there is no GPU has no such fields.
  return [...stdout.matchAll(/^([\d.]+), (.+), (\d+\.\d+), (\d+), (\d+)$/gm)].map(
    ([, driver, name, capability, total, free]) => ({ driver, name, capability, totalMb: +total, freeMb: +free }),
  )
}
