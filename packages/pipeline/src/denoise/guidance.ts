/**
 * Classifier-free guidance (Ho and Salimans 2022, arXiv:2207.12598), into `out`, which may be `cond`:
 * uncond + scale · (cond − uncond), for one image's model output.
 *
 * @param rescale 0–1: how far the result's spread is brought back to that of `cond` (Lin et al. 2023, arXiv:2305.08891,
 * §3.4).
 */
export function guide(
  out: Float32Array,
  cond: Float32Array,
  uncond: Float32Array,
  scale: number,
  rescale: number,
): void {
  const target = rescale > 0 ? deviation(cond) : 0
  for (let i = 0; i < out.length; i++) out[i] = uncond[i] + scale * (cond[i] - uncond[i])
  const spread = rescale > 0 ? deviation(out) : 0
  if (spread === 0) return
  const factor = rescale * (target / spread) + 1 - rescale
  for (let i = 0; i < out.length; i++) out[i] *= factor
}

/**
 * Several prompts as one (Liu et al. 2022, arXiv:2206.01714; AUTOMATIC1111's AND): uncond + Σ weight · (cond − uncond),
 * into `out`.
 */
export function compose(
  out: Float32Array,
  uncond: Float32Array,
  conds: readonly Float32Array[],
  weights: readonly number[],
): void {
  out.set(uncond)
  conds.forEach((cond, k) => {
    for (let i = 0; i < out.length; i++) out[i] += weights[k] * (cond[i] - uncond[i])
  })
}

/** The sample standard deviation, as torch's `std`. */
function deviation(values: Float32Array): number {
  let sum = 0
  for (const value of values) sum += value
  const mean = sum / values.length
  let squares = 0
  for (const value of values) squares += (value - mean) ** 2
  return Math.sqrt(squares / (values.length - 1))
}

/**
 * The guidance scale as a distilled model takes it: sines and cosines of 1000 · (scale − 1).
 * Meng et al. 2023 (arXiv:2210.03142); diffusers' `get_guidance_scale_embedding`.
 */
export function guidanceEmbedding(scale: number, size: number): Float32Array {
  const half = Math.floor(size / 2)
  const embedding = new Float32Array(size)
  for (let i = 0; i < half; i++) {
    const angle = (scale - 1) * 1000 * Math.exp((-Math.log(10000) / (half - 1)) * i)
    embedding[i] = Math.sin(angle)
    embedding[half + i] = Math.cos(angle)
  }
  return embedding
}
