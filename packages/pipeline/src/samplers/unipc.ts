import type { Sampler } from './sampler.ts'

/**
 * UniPC of order 2 with B₂(h): each model call first corrects the step that led to it, then predicts the next.
 * Zhao et al. 2023 (arXiv:2302.04867), Algorithms 1 and 2 for data prediction; diffusers' UniPCMultistepScheduler by
 * default. First order at the first step, and at the last as diffusers' `lower_order_final` has it. Time is λ = −ln σ.
 */
export const unipc: Sampler = async function* (denoise, x, sigmas) {
  const steps = sigmas.length - 1
  const before = new Float32Array(x.length)
  let [denoised, previous, older] = [0, 1, 2].map(() => new Float32Array(x.length))
  const h = (i: number): number => Math.log(sigmas[i]) - Math.log(sigmas[i + 1])
  const order = (i: number): number => (i === 0 || i === steps - 1 ? 1 : 2)
  for (let i = 0; i < steps; i++) {
    const sigma = sigmas[i]
    const next = sigmas[i + 1]
    await denoise(x, sigma, denoised)
    if (i > 0) {
      const rate = order(i - 1) === 2 ? -h(i - 2) / h(i - 1) : Number.NaN
      const { latest, earlier } = correctorWeights(h(i - 1), rate)
      const keep = sigma / sigmas[i - 1]
      const gain = 1 - keep
      for (let k = 0; k < x.length; k++) {
        const change = latest * (denoised[k] - previous[k]) + earlier * (older[k] - previous[k])
        x[k] = keep * before[k] + gain * (previous[k] + change)
      }
    }
    before.set(x)
    const keep = next / sigma
    const extrapolate = order(i) === 2 ? h(i) / (2 * h(i - 1)) : 0
    for (let k = 0; k < x.length; k++) {
      x[k] = keep * x[k] + (1 - keep) * ((1 + extrapolate) * denoised[k] - extrapolate * previous[k])
    }
    yield { step: i + 1, steps, sigma, x, denoised }
    ;[denoised, previous, older] = [older, denoised, previous]
  }
}

/**
 * What the corrector makes of the change to the estimate at the step's end and of that to the one before its start,
 * which lies `rate` steps away (negative; NaN if the step knew none).
 */
function correctorWeights(h: number, rate: number): { latest: number; earlier: number } {
  if (Number.isNaN(rate)) return { latest: 0.5, earlier: 0 }
  const phi1 = Math.expm1(-h)
  const phi2 = phi1 / -h - 1
  const phi3 = phi2 / -h - 0.5
  const [b1, b2] = [phi2 / phi1, (2 * phi3) / phi1]
  // Solves latest + r = b1, latest + rate · r = b2, where r / rate weighs the earlier change.
  const r = (b1 - b2) / (1 - rate)
  return { latest: b1 - r, earlier: r / rate }
}
