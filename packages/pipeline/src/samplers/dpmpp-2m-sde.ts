import { addNoise } from './add-noise.ts'
import type { Denoiser, Noise, Sampler, Step } from './sampler.ts'

/**
 * DPM-Solver++(2M) for the SDE, midpoint variant, η = 1: fresh noise at every step but the last.
 * Lu et al. 2022 (arXiv:2211.01095); k-diffusion's `sample_dpmpp_2m_sde`.
 */
export const dpmpp2mSde: Sampler = (denoise, x, sigmas, noise) => solve(denoise, x, sigmas, noise, false)

/**
 * {@link dpmpp2mSde} whose last step is of first order wherever it ends, as diffusers has it in schedules of few steps.
 */
export const dpmpp2mSdeFirstOrderLast: Sampler = (denoise, x, sigmas, noise) => solve(denoise, x, sigmas, noise, true)

async function* solve(
  denoise: Denoiser,
  x: Float32Array,
  sigmas: Float64Array,
  noise: Noise,
  firstOrderLast: boolean,
): AsyncGenerator<Step> {
  const steps = sigmas.length - 1
  const buffer = new Float32Array(x.length)
  let denoised = new Float32Array(x.length)
  let previous = new Float32Array(x.length)
  let lastH = 0
  for (let i = 0; i < steps; i++) {
    const sigma = sigmas[i]
    const next = sigmas[i + 1]
    const h = Math.log(sigma) - Math.log(next)
    const keep = (next / sigma) ** 2
    const gain = 1 - keep
    const extrapolate = i === 0 || next === 0 || (firstOrderLast && i === steps - 1) ? 0 : h / (2 * lastH)
    await denoise(x, sigma, denoised)
    for (let k = 0; k < x.length; k++) {
      x[k] = keep * x[k] + gain * ((1 + extrapolate) * denoised[k] - extrapolate * previous[k])
    }
    addNoise(x, next * Math.sqrt(gain), noise, buffer)
    yield { step: i + 1, steps, sigma, x, denoised }
    ;[denoised, previous] = [previous, denoised]
    lastH = h
  }
}
