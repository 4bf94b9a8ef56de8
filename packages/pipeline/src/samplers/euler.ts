import type { Sampler } from './sampler.ts'

/**
 * Euler's method on dx/dσ = (x − x0)/σ. Karras et al. 2022 (arXiv:2206.00364), Algorithm 2 without churn.
 * Equals DDIM with η = 0 (Song et al. 2020, arXiv:2010.02502), which is the same step written in the other scaling of
 * x.
 */
export const euler: Sampler = async function* (denoise, x, sigmas) {
  const steps = sigmas.length - 1
  const denoised = new Float32Array(x.length)
  for (let i = 0; i < steps; i++) {
    const sigma = sigmas[i]
    const keep = sigmas[i + 1] / sigma
    await denoise(x, sigma, denoised)
    for (let k = 0; k < x.length; k++) x[k] = keep * x[k] + (1 - keep) * denoised[k]
    yield { step: i + 1, steps, sigma, x, denoised }
  }
}
