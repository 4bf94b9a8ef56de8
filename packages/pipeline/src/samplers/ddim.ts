import type { Sampler } from './sampler.ts'
import { reread, type Transfer } from './transfer.ts'

/**
 * DDIM with η = 0 (Song et al. 2020, arXiv:2010.02502) as diffusers' DDIMScheduler steps, from the level of each
 * timestep to that of one a fixed stride below.
 *
 * @param clip holds the estimate of the clean latents to −clip … clip, though not the noise that goes with it; null: as
 * it is
 */
export function ddimTransfers(transfers: readonly Transfer[], clip: number | null): Sampler {
  return async function* (denoise, x) {
    const steps = transfers.length
    const limit = clip ?? Number.POSITIVE_INFINITY
    const denoised = new Float32Array(x.length)
    let level = transfers[0].seen
    for (const [i, { from, to }] of transfers.entries()) {
      reread(x, level, from)
      await denoise(x, from, denoised)
      for (let k = 0; k < x.length; k++) {
        const noise = (x[k] - denoised[k]) / from
        x[k] = Math.min(Math.max(denoised[k], -limit), limit) + to * noise
      }
      level = to
      yield { step: i + 1, steps, sigma: from, x, denoised }
    }
  }
}
