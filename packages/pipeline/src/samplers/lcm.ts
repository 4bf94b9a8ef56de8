import { addNoise } from './add-noise.ts'
import { clippedDenoiser } from './clipped.ts'
import type { Sampler } from './sampler.ts'

/**
 * Multistep consistency sampling: the estimate itself, noised to the next level.
 * Luo et al. 2023 (arXiv:2310.04378), Algorithm 3. Its boundary scaling differs from 1 by less than 1e-5 at every
 * timestep that such a model is asked for, and is left out.
 */
export const lcm: Sampler = async function* (denoise, x, sigmas, noise) {
  const steps = sigmas.length - 1
  const denoised = new Float32Array(x.length)
  const buffer = new Float32Array(x.length)
  for (let i = 0; i < steps; i++) {
    await denoise(x, sigmas[i], denoised)
    x.set(denoised)
    addNoise(x, sigmas[i + 1], noise, buffer)
    yield { step: i + 1, steps, sigma: sigmas[i], x, denoised }
  }
}

/**
 * {@link lcm} with the boundary scaling, as diffusers' LCMScheduler: towards timestep 0 the latents themselves take the
 * estimate's place. Its σ_data is ½.
 *
 * @param scaledTimestep the timestep of a noise level, scaled
 * @param clip holds the estimate to −clip … clip before it is scaled; null: as it is
 */
export function lcmScaled(scaledTimestep: (sigma: number) => number, clip: number | null): Sampler {
  return (denoise, x, sigmas, noise) => {
    const clipped = clip === null ? denoise : clippedDenoiser(denoise, clip)
    return lcm(
      async (latents, sigma, out) => {
        await clipped(latents, sigma, out)
        const time = scaledTimestep(sigma)
        const skip = 0.25 / (time ** 2 + 0.25) / Math.sqrt(1 + sigma ** 2)
        const keep = time / Math.sqrt(time ** 2 + 0.25)
        for (let k = 0; k < out.length; k++) out[k] = keep * out[k] + skip * latents[k]
      },
      x,
      sigmas,
      noise,
    )
  }
}
