/**
 * What a sampler sees of the model: the estimate of the clean latents, x0, for noisy latents `x` at noise level
 * `sigma`.
 *
 * `x` and `out` hold the whole batch, planar, in the variance-exploding space of Karras et al. 2022 (arXiv:2206.00364):
 * x = x0 + sigma * noise. `out` is overwritten and never aliases `x`. A denoiser may replace parts of `x` before it
 * looks at them, as diffusers' inpainting does: samplers go on from what they find there afterwards.
 */
export type Denoiser = (x: Float32Array, sigma: number, out: Float32Array) => Promise<void>

/**
 * Fills `out`, the whole batch, with unit normal noise, each image's part from that image's own generator.
 * Samplers call it only when the noise is used, so a step that adds none leaves every generator where it was.
 */
export type Noise = (out: Float32Array) => void

/** A finished step. `x` and `denoised` are views that the next step overwrites: copy what is kept. */
export interface Step {
  /** 1 … steps. */
  step: number
  steps: number
  /** The noise level the step began at. */
  sigma: number
  /** The latents after the step. */
  x: Float32Array
  /** The model's estimate of the clean latents at `sigma`. */
  denoised: Float32Array
}

/**
 * Solves the diffusion ODE or SDE along `sigmas`, a falling list whose last entry is usually 0, one step for each pair
 * of neighbours. Works in place: after the last step `x` is the result. Yields after each step, so that the caller owns
 * progress, previews, cancelling and time limits: leaving the loop leaves nothing pending.
 */
export type Sampler = (denoise: Denoiser, x: Float32Array, sigmas: Float64Array, noise: Noise) => AsyncGenerator<Step>
