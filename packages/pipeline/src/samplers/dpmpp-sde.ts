import { addNoise } from './add-noise.ts'
import { ancestralStep } from './ancestral-step.ts'
import type { Noise, Sampler } from './sampler.ts'

/**
 * DPM-Solver++ for the SDE, second order from a noisy model call halfway in ln σ.
 * Lu et al. 2022 (arXiv:2211.01095); k-diffusion's `sample_dpmpp_sde` with r = ½.
 *
 * The noise of the whole step contains that of its first half, as the Brownian motion behind both demands: see
 * {@link continueNoise}.
 */
export const dpmppSde: Sampler = async function* (denoise, x, sigmas, noise) {
  const steps = sigmas.length - 1
  const denoised = new Float32Array(x.length)
  const middle = new Float32Array(x.length)
  const denoisedMiddle = new Float32Array(x.length)
  const buffer = new Float32Array(x.length)
  for (let i = 0; i < steps; i++) {
    const sigma = sigmas[i]
    const next = sigmas[i + 1]
    await denoise(x, sigma, denoised)
    if (next === 0) {
      x.set(denoised)
    } else {
      const sigmaMiddle = Math.sqrt(sigma * next)
      const half = ancestralStep(sigma, sigmaMiddle)
      const keepHalf = half.down / sigma
      for (let k = 0; k < x.length; k++) middle[k] = keepHalf * x[k] + (1 - keepHalf) * denoised[k]
      addNoise(middle, half.up, noise, buffer)
      await denoise(middle, sigmaMiddle, denoisedMiddle)
      const whole = ancestralStep(sigma, next)
      const keep = whole.down / sigma
      for (let k = 0; k < x.length; k++) x[k] = keep * x[k] + (1 - keep) * denoisedMiddle[k]
      addNoise(x, whole.up, continueNoise(buffer, (sigma - sigmaMiddle) / (sigma - next), noise), middle)
    }
    yield { step: i + 1, steps, sigma, x, denoised }
  }
}

/**
 * Unit noise for an interval whose first `part` (0 … 1 of its length in σ) already has the unit noise `first`:
 * √part · first + √(1 − part) · fresh. k-diffusion's Brownian tree gives noise related in the same way.
 */
function continueNoise(first: Float32Array, part: number, noise: Noise): Noise {
  return (out) => {
    noise(out)
    const old = Math.sqrt(part)
    const fresh = Math.sqrt(1 - part)
    for (let k = 0; k < out.length; k++) out[k] = old * first[k] + fresh * out[k]
  }
}
