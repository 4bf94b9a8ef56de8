import type { Denoiser } from '../samplers/sampler.ts'

/**
 * The posterior mean when the data are half around −1 and half around 1, each with standard deviation `spread`: what a
 * perfect model of such data estimates. Not linear in x, so that no error of a sampler cancels.
 */
export function posteriorMean(x: number, sigma: number, spread: number): number {
  const variance = spread ** 2 + sigma ** 2
  return (spread ** 2 * x + sigma ** 2 * Math.tanh(x / variance)) / variance
}

/** {@link posteriorMean} as a denoiser. */
export function analyticDenoiser(spread: number): Denoiser {
  return async (x, sigma, out) => {
    for (let i = 0; i < x.length; i++) out[i] = posteriorMean(x[i], sigma, spread)
  }
}
