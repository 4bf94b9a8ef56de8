import { addNoise } from './add-noise.ts'
import type { Sampler } from './sampler.ts'

/**
 * Multistep consistency sampling: the estimate itself, noised to the next level.
 * Luo et al. 2023 (arXiv:2310.04378), Algorithm 3. Its boundary scaling differs from 1 by less than 1e-5 at every timestep
 * that such a model is asked for, and is left out.
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
