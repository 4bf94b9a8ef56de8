import type { Sampler } from './sampler.ts'

/** Adams and Bashforth's weights for one to four equally spaced slopes, the latest first. */
export const adamsBashforth = [[1], [3 / 2, -1 / 2], [23 / 12, -16 / 12, 5 / 12], [55 / 24, -59 / 24, 37 / 24, -9 / 24]]

/**
 * Pseudo linear multistep: noise predictions joined as if timesteps were evenly spaced, then the exact (DDIM) transfer.
 * Liu et al. 2022 (arXiv:2202.09778), known as PLMS. Its order grows from where it begins; diffusers' own way with the
 * middle of a list is `plms`. The first step costs a second model call, at its end.
 */
export const pndm: Sampler = async function* (denoise, x, sigmas) {
  const steps = sigmas.length - 1
  const denoised = new Float32Array(x.length)
  const eps: Float32Array[] = []
  for (let i = 0; i < steps; i++) {
    const sigma = sigmas[i]
    const next = sigmas[i + 1]
    await denoise(x, sigma, denoised)
    const latest = (eps.length === adamsBashforth.length ? eps.pop() : undefined) ?? new Float32Array(x.length)
    for (let k = 0; k < x.length; k++) latest[k] = (x[k] - denoised[k]) / sigma
    eps.unshift(latest)
    if (i === 0 && next > 0) {
      const ahead = x.map((value, k) => value + (next - sigma) * latest[k])
      const denoisedAhead = new Float32Array(x.length)
      await denoise(ahead, next, denoisedAhead)
      for (let k = 0; k < x.length; k++) {
        x[k] += ((next - sigma) * (latest[k] + (ahead[k] - denoisedAhead[k]) / next)) / 2
      }
    } else {
      eps.forEach((past, j) => {
        const weight = (next - sigma) * adamsBashforth[eps.length - 1][j]
        for (let k = 0; k < x.length; k++) x[k] += weight * past[k]
      })
    }
    yield { step: i + 1, steps, sigma, x, denoised }
  }
}
