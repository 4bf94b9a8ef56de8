/** What a model's output means: denoised = skip · x + out · output, for latents scaled by `input` going in. */
export interface Coefficients {
  input: number
  skip: number
  out: number
}

/** Of sigma. Karras et al. 2022 (arXiv:2206.00364), section 5, and Salimans and Ho 2022 (arXiv:2202.00512) for v. */
export type Prediction = (sigma: number) => Coefficients

export const predictions: Record<'epsilon' | 'v', Prediction> = {
  epsilon: (sigma) => ({ input: 1 / Math.sqrt(sigma * sigma + 1), skip: 1, out: -sigma }),
  v: (sigma) => {
    const variance = sigma * sigma + 1
    return { input: 1 / Math.sqrt(variance), skip: 1 / variance, out: -sigma / Math.sqrt(variance) }
  },
}
