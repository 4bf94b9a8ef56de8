import { linspace } from './linspace.ts'

/*
 * Schedules that are a curve between two noise levels and know nothing of the model's timesteps.
 * Each gives `steps` sigmas falling from `max` to `min`; the caller appends the final 0.
 */

/** Karras et al. 2022 (arXiv:2206.00364), equation 5. */
export function karrasSigmas(steps: number, min: number, max: number, rho = 7): Float64Array {
  const top = max ** (1 / rho)
  const bottom = min ** (1 / rho)
  return linspace(0, 1, steps).map((r) => (top + r * (bottom - top)) ** rho)
}

/** Evenly spaced in ln σ. k-diffusion's `get_sigmas_exponential`. */
export function exponentialSigmas(steps: number, min: number, max: number): Float64Array {
  return linspace(Math.log(max), Math.log(min), steps).map(Math.exp)
}

/**
 * A polynomial in ln σ; with ρ = 1, AUTOMATIC1111's default, the exponential schedule. k-diffusion's
 * `get_sigmas_polyexponential`.
 */
export function polyexponentialSigmas(steps: number, min: number, max: number, rho = 1): Float64Array {
  return linspace(1, 0, steps).map((r) => Math.exp(r ** rho * (Math.log(max) - Math.log(min)) + Math.log(min)))
}

/**
 * Even in the angle of tan σ (Sabour et al. 2024, arXiv:2404.14507, theorem 3.1). `steps` + 1 sigmas: `min` is the end,
 * no 0 follows.
 */
export function klOptimalSigmas(steps: number, min: number, max: number): Float64Array {
  return linspace(Math.atan(max), Math.atan(min), steps + 1).map(Math.tan)
}
