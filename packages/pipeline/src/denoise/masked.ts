import type { Denoiser } from '../samplers/sampler.ts'
import type { Coefficients, Prediction } from './prediction.ts'

/**
 * Pins what the mask keeps: after each evaluation, denoised = mask · denoised + (1 − mask) · init. The x0-space blend
 * of AUTOMATIC1111 and ComfyUI, for every sampler alike.
 *
 * @param init one image's clean latents, planar [channels, plane]
 * @param maskOf what is repainted at a noise level, 0–1, [plane]; the same for all images
 */
export function maskedDenoiser(
  denoise: Denoiser,
  init: Float32Array,
  maskOf: (sigma: number) => Float32Array,
): Denoiser {
  return async (x, sigma, out) => {
    await denoise(x, sigma, out)
    blendInit(out, init, maskOf(sigma))
  }
}

/** latents = mask · latents + (1 − mask) · init, in place, for each image of the batch. */
export function blendInit(latents: Float32Array, init: Float32Array, mask: Float32Array): void {
  const plane = mask.length
  for (let k = 0; k < latents.length; k++) {
    const keep = 1 - mask[k % plane]
    if (keep !== 0) latents[k] = latents[k] * (1 - keep) + init[k % init.length] * keep
  }
}

/**
 * The mask whose grey is a strength per pixel: a pixel is pinned until the noise has fallen to its share of the run.
 * Differential diffusion (Levin and Fried 2023, arXiv:2306.00950); thresholds in timesteps as ComfyUI's node has them.
 *
 * @param first the timestep that the run begins at
 */
export function softMask(
  mask: Float32Array,
  timestepOf: (sigma: number) => number,
  first: number,
): (sigma: number) => Float32Array {
  const open = new Float32Array(mask.length)
  return (sigma) => {
    const threshold = first === 0 ? 0 : timestepOf(sigma) / first
    for (let i = 0; i < mask.length; i++) open[i] = mask[i] > 0 && mask[i] >= threshold ? 1 : 0
    return open
  }
}

/**
 * diffusers' inpaint blend: before each evaluation but the first, what the mask keeps becomes the original with the
 * noise of that level. Overwrites `x`, as diffusers does also between the two evaluations of a second-order step;
 * between two levels of the schedule, where `dpm2` and `dpmpp_sde` look, it takes the noise of the lower one.
 *
 * @param noise the first noise of all images
 * @param sigmas the schedule's levels, falling
 */
export function renoisedDenoiser(
  denoise: Denoiser,
  init: Float32Array,
  noise: Float32Array,
  mask: Float32Array,
  sigmas: Float64Array,
  prediction: Prediction,
): Denoiser {
  // A sampler may compute a level of the schedule anew and miss it by a rounding.
  const levelOf = (sigma: number): number =>
    sigmas.includes(sigma) ? sigma : (sigmas.find((level) => level <= sigma * (1 + 1e-9)) ?? sigma)
  let isFirst = true
  return async (x, sigma, out) => {
    if (!isFirst) blendNoised(x, init, noise, prediction(levelOf(sigma)).addNoise, mask)
    isFirst = false
    await denoise(x, sigma, out)
  }
}

/** latents = mask · latents + (1 − mask) · (init with the noise of a level), in place. */
export function blendNoised(
  latents: Float32Array,
  init: Float32Array,
  noise: Float32Array,
  level: Coefficients['addNoise'],
  mask: Float32Array,
): void {
  for (let k = 0; k < latents.length; k++) {
    const m = mask[k % mask.length]
    latents[k] = m * latents[k] + (1 - m) * (level.init * init[k % init.length] + level.noise * noise[k])
  }
}
