import type { Randn } from './generator.ts'

/** The latents of one image: the planes that a generator's first draw fills. */
export interface LatentShape {
  channels: number
  height: number
  width: number
}

/**
 * A source whose first draw is turned from `base`'s towards `variation`'s by `strength` (0 … 1) and whose later draws
 * are `base`'s alone: AUTOMATIC1111's variation seed (modules/rng.py).
 */
export function variationRandn(base: Randn, variation: Randn, strength: number, shape: LatentShape): Randn {
  let isFirst = true
  return (out) => {
    base(out)
    if (!isFirst || strength === 0) return
    isFirst = false
    const other = new Float32Array(out.length)
    variation(other)
    slerp(strength, out, other, shape)
  }
}

/**
 * Spherical interpolation from `low` (at 0) to `high` (at 1), into `low`. As in AUTOMATIC1111 the vectors are the
 * columns of each plane, and arrays that are all but parallel are mixed the other way round, `low` having the weight
 * `strength`.
 */
export function slerp(strength: number, low: Float32Array, high: Float32Array, shape: LatentShape): void {
  const { channels, height, width } = shape
  const columns = Float64Array.from({ length: channels * width }, (_, i) =>
    columnCosine(low, high, Math.floor(i / width) * height * width + (i % width), height, width),
  )
  const isParallel = columns.reduce((sum, cosine) => sum + cosine, 0) / columns.length > 0.9995
  for (let i = 0; i < low.length; i++) {
    if (isParallel) {
      low[i] = low[i] * strength + high[i] * (1 - strength)
      continue
    }
    const angle = Math.acos(columns[Math.floor(i / (height * width)) * width + (i % width)])
    const sine = Math.sin(angle)
    low[i] = (Math.sin((1 - strength) * angle) / sine) * low[i] + (Math.sin(strength * angle) / sine) * high[i]
  }
}

function columnCosine(a: Float32Array, b: Float32Array, start: number, height: number, width: number): number {
  let [dot, normA, normB] = [0, 0, 0]
  for (let i = start; i < start + height * width; i += width) {
    dot += a[i] * b[i]
    normA += a[i] * a[i]
    normB += b[i] * b[i]
  }
  return dot / Math.sqrt(normA * normB)
}
