import { linspace } from './linspace.ts'

/**
 * Noise levels at the quantiles of a symmetric Beta(α, α) distribution between `min` and `max`: dense at both ends.
 * Lee et al. 2024 (arXiv:2407.12173), α = 0.6. AUTOMATIC1111 applies it to σ itself, diffusers and ComfyUI elsewhere.
 * `steps` falling sigmas; the caller appends the final 0.
 */
export function betaSigmas(steps: number, min: number, max: number): Float64Array {
  return linspace(1, 0, steps).map((p) => min + symmetricBetaQuantile(p, 0.6) * (max - min))
}

/**
 * The x in 0 … 1 below which a Beta(α, α) variable falls with probability `p`. By bisection: the distribution is
 * monotone.
 */
export function symmetricBetaQuantile(p: number, alpha: number): number {
  if (p <= 0) return 0
  if (p >= 1) return 1
  if (p > 0.5) return 1 - symmetricBetaQuantile(1 - p, alpha)
  const half = unscaledBeta(0.5, alpha)
  let low = 0
  let high = 0.5
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2
    if (unscaledBeta(middle, alpha) / (2 * half) < p) low = middle
    else high = middle
  }
  return (low + high) / 2
}

/**
 * ∫₀ˣ tᵅ⁻¹ (1 − t)ᵅ⁻¹ dt for x ≤ ½, by its power series: xᵅ Σ (1 − α)ₙ xⁿ / (n! (α + n)).
 * Each term is under half of the one before, so 60 of them reach double precision; what adds nothing to the sum is
 * followed by nothing that would.
 */
function unscaledBeta(x: number, alpha: number): number {
  let coefficient = 1
  let sum = 0
  for (let n = 0; n < 60; n++) {
    const next = sum + coefficient / (alpha + n)
    if (next === sum) break
    sum = next
    coefficient *= ((n + 1 - alpha) / (n + 1)) * x
  }
  return x ** alpha * sum
}
