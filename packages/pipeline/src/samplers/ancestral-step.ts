/**
 * Splits a step from `sigma` to `next` into a deterministic step to `down` and fresh noise of standard deviation `up`,
 * so that the variance after the step is that of `next`: down² + up² = next². After k-diffusion's `get_ancestral_step`,
 * η = 1.
 */
export function ancestralStep(sigma: number, next: number): { down: number; up: number } {
  const up = Math.min(next, Math.sqrt((next ** 2 * (sigma ** 2 - next ** 2)) / sigma ** 2))
  return { down: Math.sqrt(Math.max(next ** 2 - up ** 2, 0)), up }
}
