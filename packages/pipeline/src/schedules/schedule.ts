/** The noise levels of a generation and what goes with them. */
export interface Schedule {
  /** One more than there are steps, falling; the last is where the latents end up, usually 0. */
  sigmas: Float64Array
  /** The timestep to tell the model at a noise level: one of `sigmas`, or one that a sampler visits between them. */
  timestep: (sigma: number) => number
  /** Standard deviation of the latents that start from noise alone. */
  pureNoise: number
  /** What the final latents are multiplied by before they are decoded: 1 where they end at σ = 0. */
  resultScale: number
}
