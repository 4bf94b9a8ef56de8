import type { Denoiser, Sampler } from './sampler.ts'

/** A denoiser whose estimate of the clean latents is held to −`range` … `range`: diffusers' `clip_sample`. */
export function clippedDenoiser(denoise: Denoiser, range: number): Denoiser {
  return async (x, sigma, out) => {
    await denoise(x, sigma, out)
    for (let k = 0; k < out.length; k++) out[k] = Math.min(Math.max(out[k], -range), range)
  }
}

/** A sampler that asks a {@link clippedDenoiser}. */
export function clippedSampler(sample: Sampler, range: number): Sampler {
  return (denoise, x, sigmas, noise) => sample(clippedDenoiser(denoise, range), x, sigmas, noise)
}
