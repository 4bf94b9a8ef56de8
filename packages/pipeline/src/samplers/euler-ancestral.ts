import { addNoise } from './add-noise.ts'
import { ancestralStep } from './ancestral-step.ts'
import type { Sampler } from './sampler.ts'

/**
 * Euler's step to a lower noise level than asked for, then fresh noise up to it. k-diffusion's
 * `sample_euler_ancestral`.
 */
export const eulerAncestral: Sampler = async function* (denoise, x, sigmas, noise) {
  const steps = sigmas.length - 1
  const denoised = new Float32Array(x.length)
  const buffer = new Float32Array(x.length)
  for (let i = 0; i < steps; i++) {
    const sigma = sigmas[i]
    const { down, up } = ancestralStep(sigma, sigmas[i + 1])
    const keep = down / sigma
    await denoise(x, sigma, denoised)
    for (let k = 0; k < x.length; k++) x[k] = keep * x[k] + (1 - keep) * denoised[k]
    addNoise(x, up, noise, buffer)
    yield { step: i + 1, steps, sigma, x, denoised }
  }
}
