import type { Sampler } from './sampler.ts'

/**
 * Heun's method: the mean of the slopes at both ends of the step. Karras et al. 2022 (arXiv:2206.00364), Algorithm 2
 * without churn.
 */
export const heun: Sampler = async function* (denoise, x, sigmas) {
  const steps = sigmas.length - 1
  const denoised = new Float32Array(x.length)
  const ahead = new Float32Array(x.length)
  const denoisedAhead = new Float32Array(x.length)
  for (let i = 0; i < steps; i++) {
    const sigma = sigmas[i]
    const next = sigmas[i + 1]
    const keep = next / sigma
    await denoise(x, sigma, denoised)
    for (let k = 0; k < x.length; k++) ahead[k] = keep * x[k] + (1 - keep) * denoised[k]
    if (next === 0) {
      x.set(ahead)
    } else {
      await denoise(ahead, next, denoisedAhead)
      for (let k = 0; k < x.length; k++) {
        const slope = (x[k] - denoised[k]) / sigma + (ahead[k] - denoisedAhead[k]) / next
        x[k] += 0.5 * (next - sigma) * slope
      }
    }
    yield { step: i + 1, steps, sigma, x, denoised }
  }
}
