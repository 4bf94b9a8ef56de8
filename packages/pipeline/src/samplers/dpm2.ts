import { addNoise } from './add-noise.ts'
import { ancestralStep } from './ancestral-step.ts'
import type { Denoiser, Noise, Sampler, Step } from './sampler.ts'

/**
 * The midpoint method, its middle halfway in ln σ: DPM-Solver-2 (Lu et al. 2022, arXiv:2206.00927) seen as Karras's
 * Algorithm 2. k-diffusion's `sample_dpm_2`.
 */
export const dpm2: Sampler = (denoise, x, sigmas, noise) =>
  midpoint(denoise, x, sigmas, noise, (_sigma, next) => ({ down: next, up: 0 }))

/** {@link dpm2} to a lower noise level, then fresh noise. k-diffusion's `sample_dpm_2_ancestral`. */
export const dpm2Ancestral: Sampler = (denoise, x, sigmas, noise) => midpoint(denoise, x, sigmas, noise, ancestralStep)

async function* midpoint(
  denoise: Denoiser,
  x: Float32Array,
  sigmas: Float64Array,
  noise: Noise,
  split: typeof ancestralStep,
): AsyncGenerator<Step> {
  const steps = sigmas.length - 1
  const denoised = new Float32Array(x.length)
  const middle = new Float32Array(x.length)
  const denoisedMiddle = new Float32Array(x.length)
  for (let i = 0; i < steps; i++) {
    const sigma = sigmas[i]
    const { down, up } = split(sigma, sigmas[i + 1])
    await denoise(x, sigma, denoised)
    if (down === 0) {
      x.set(denoised)
    } else {
      const sigmaMiddle = Math.sqrt(sigma * down)
      const keep = sigmaMiddle / sigma
      for (let k = 0; k < x.length; k++) middle[k] = keep * x[k] + (1 - keep) * denoised[k]
      await denoise(middle, sigmaMiddle, denoisedMiddle)
      const slope = (down - sigma) / sigmaMiddle
      for (let k = 0; k < x.length; k++) x[k] += slope * (middle[k] - denoisedMiddle[k])
      addNoise(x, up, noise, middle)
    }
    yield { step: i + 1, steps, sigma, x, denoised }
  }
}
