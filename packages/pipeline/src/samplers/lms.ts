import type { Sampler } from './sampler.ts'

const maxOrder = 4

/** Linear multistep (Adams–Bashforth on uneven steps) over the last four slopes. k-diffusion's `sample_lms`. */
export const lms: Sampler = lmsAfter(new Float64Array())

/**
 * {@link lms} in the middle of a list, as diffusers' LMSDiscreteScheduler: the weights are those of a step that knows
 * the slopes at the levels `before`, though these were never taken and count as nothing.
 */
export function lmsAfter(before: Float64Array): Sampler {
  return async function* (denoise, x, part) {
    const steps = part.length - 1
    const sigmas = Float64Array.from([...before, ...part])
    const denoised = new Float32Array(x.length)
    const slopes: Float32Array[] = []
    for (let step = 1; step <= steps; step++) {
      const i = before.length + step - 1
      const sigma = sigmas[i]
      await denoise(x, sigma, denoised)
      const slope = slopes.length < maxOrder ? new Float32Array(x.length) : slopes.pop()
      if (!slope) throw new Error('unreachable: the history holds four slopes')
      for (let k = 0; k < x.length; k++) slope[k] = (x[k] - denoised[k]) / sigma
      slopes.unshift(slope)
      slopes.forEach((past, j) => {
        const weight = multistepWeight(sigmas, i, j, Math.min(i + 1, maxOrder))
        for (let k = 0; k < x.length; k++) x[k] += weight * past[k]
      })
      yield { step, steps, sigma, x, denoised }
    }
  }
}

/**
 * ∫ from σᵢ to σᵢ₊₁ of the Lagrange polynomial that is 1 at σᵢ₋ⱼ and 0 at the other `order` − 1 latest sigmas.
 * Its degree is 3 at most, for which Gauss and Legendre's rule with two points is exact.
 */
function multistepWeight(sigmas: Float64Array, i: number, j: number, order: number): number {
  const middle = (sigmas[i] + sigmas[i + 1]) / 2
  const half = (sigmas[i + 1] - sigmas[i]) / 2
  const polynomial = (sigma: number): number => {
    let product = 1
    for (let k = 0; k < order; k++) {
      if (k !== j) product *= (sigma - sigmas[i - k]) / (sigmas[i - j] - sigmas[i - k])
    }
    return product
  }
  const offset = half / Math.sqrt(3)
  return half * (polynomial(middle - offset) + polynomial(middle + offset))
}
