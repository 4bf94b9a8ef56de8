import type { Denoiser, Sampler, Step } from './sampler.ts'

/**
 * DPM-Solver++(2M): second order from the two latest estimates, one model call a step.
 * Lu et al. 2022 (arXiv:2211.01095), Algorithm 2; k-diffusion's `sample_dpmpp_2m`. In log-SNR time λ = −ln σ.
 * The first step, and the last one when it ends at σ = 0, are of first order.
 */
export const dpmpp2m: Sampler = (denoise, x, sigmas) => solve(denoise, x, sigmas, false)

/**
 * {@link dpmpp2m} whose last step is of first order wherever it ends, as diffusers has it in schedules of few steps.
 */
export const dpmpp2mFirstOrderLast: Sampler = (denoise, x, sigmas) => solve(denoise, x, sigmas, true)

async function* solve(
  denoise: Denoiser,
  x: Float32Array,
  sigmas: Float64Array,
  firstOrderLast: boolean,
): AsyncGenerator<Step> {
  const steps = sigmas.length - 1
  let denoised = new Float32Array(x.length)
  let previous = new Float32Array(x.length)
  let lastH = 0
  for (let i = 0; i < steps; i++) {
    const sigma = sigmas[i]
    const next = sigmas[i + 1]
    const h = Math.log(sigma) - Math.log(next)
    const extrapolate = i === 0 || next === 0 || (firstOrderLast && i === steps - 1) ? 0 : h / (2 * lastH)
    const keep = next / sigma
    const gain = -Math.expm1(-h)
    await denoise(x, sigma, denoised)
    for (let k = 0; k < x.length; k++) {
      const estimate = (1 + extrapolate) * denoised[k] - extrapolate * previous[k]
      x[k] = keep * x[k] + gain * estimate
    }
    yield { step: i + 1, steps, sigma, x, denoised }
    ;[denoised, previous] = [previous, denoised]
    lastH = h
  }
}
