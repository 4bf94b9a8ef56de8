import { bringCuda } from './cuda/bring-cuda.mjs'
import { readLock } from './cuda/lock.mjs'
import { findNvidia } from './cuda/nvidia.mjs'

/**
 * What a command needs to run on an NVIDIA GPU, as environment; nothing where there is no NVIDIA driver, unless
 * DEVICE=cuda asks. Fetches CUDA once where a command paints. Without CUDA `auto` goes on, with a sentence that says
 * why; DEVICE=cuda does not.
 *
 * @param fetch whether what is missing may be downloaded
 * @param nvidia what there is of a driver
 */
export async function ensureCuda(root, env, { fetch, nvidia = findNvidia(readLock(), env) }) {
  const device = env.DEVICE || 'auto'
  if (!wantsGpu(env)) return device === 'auto' ? { DEVICE: 'cpu' } : {}
  // The provider and its libraries are made for this kind of machine alone.
  if (process.platform !== 'linux' || process.arch !== 'x64' || !['auto', 'cuda'].includes(device)) return {}
  if (!nvidia.present && device === 'auto') return {}
  try {
    if (nvidia.problem !== null) throw new Error(nvidia.problem)
    return (await bringCuda(root, env, { fetch }))?.env ?? {}
  } catch (error) {
    if (device === 'cuda' || error.message === 'interrupted') throw error
    console.log(`${error.message} Going on without CUDA.`)
    return {}
  }
}

/** Whether a GPU may be used at all: GPU=off is for machines that have one and keep it for something else. */
export function wantsGpu({ GPU }) {
  if (GPU && GPU !== 'on' && GPU !== 'off') throw new Error(`GPU must be on or off, not "${GPU}"`)
  return GPU !== 'off'
}
