import { addNoise } from './add-noise.ts'
import { ancestralStep } from './ancestral-step.ts'
import type { Sampler } from './sampler.ts'

/**
 * DPM-Solver++(2S), second order from a model call halfway in ln σ, with ancestral noise.
 * Lu et al. 2022 (arXiv:2211.01095), Algorithm 1; k-diffusion's `sample_dpmpp_2s_ancestral`.
 */
export const dpmpp2sAncestral: Sampler = async function* (denoise, x, sigmas, noise) {
  const steps = sigmas.length - 1
  const denoised = new Float32Array(x.length)
  const middle = new Float32Array(x.length)
  const denoisedMiddle = new Float32Array(x.length)
  for (let i = 0; i < steps; i++) {
    const sigma = sigmas[i]
    const { down, up } = ancestralStep(sigma, sigmas[i + 1])
    await denoise(x, sigma, denoised)
    if (down === 0) {
      x.set(denoised)
    } else {
      const sigmaMiddle = Math.sqrt(sigma * down)
      const keepMiddle = sigmaMiddle / sigma
      for (let k = 0; k < x.length; k++) middle[k] = keepMiddle * x[k] + (1 - keepMiddle) * denoised[k]
      await denoise(middle, sigmaMiddle, denoisedMiddle)
      const keep = down / sigma
      for (let k = 0; k < x.length; k++) x[k] = keep * x[k] + (1 - keep) * denoisedMiddle[k]
      addNoise(x, up, noise, middle)
    }
    yield { step: i + 1, steps, sigma, x, denoised }
  }
}
