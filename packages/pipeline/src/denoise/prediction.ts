/** What holds at one noise level. */
export interface Coefficients {
  /** What a model's output means: denoised = skip · x + out · output, for latents scaled by `input` going in. */
  input: number
  skip: number
  out: number
  /** What latents of this level are: init · clean latents + noise · unit noise. */
  addNoise: { init: number; noise: number }
}

/**
 * Of sigma. Karras et al. 2022 (arXiv:2206.00364), section 5; Salimans and Ho 2022 (arXiv:2202.00512) for v; Lipman et
 * al. 2023 (arXiv:2210.02747) for flow.
 */
export type Prediction = (sigma: number) => Coefficients

export const predictions: Record<'epsilon' | 'v' | 'flow', Prediction> = {
  epsilon: (sigma) => ({
    input: 1 / Math.sqrt(sigma * sigma + 1),
    skip: 1,
    out: -sigma,
    addNoise: { init: 1, noise: sigma },
  }),
  v: (sigma) => {
    const variance = sigma * sigma + 1
    return {
      input: 1 / Math.sqrt(variance),
      skip: 1 / variance,
      out: -sigma / Math.sqrt(variance),
      addNoise: { init: 1, noise: sigma },
    }
  },
  // The straight way from the picture (0) to noise (1), whose direction the model tells: sigma is 1 at most.
  flow: (sigma) => ({ input: 1, skip: 1, out: -sigma, addNoise: { init: 1 - sigma, noise: sigma } }),
}
