/** Directions side by side, each as long as a picture's summary, with the cosine from which each counts. */
export interface Directions {
  embeddings: Float32Array
  thresholds: Float32Array
}

/** How much sooner all others count once a special one does. */
const special = Math.fround(0.01)

/**
 * Whether a picture's summary is near to any of the concepts, as diffusers' StableDiffusionSafetyChecker has it:
 * numbers of float32, rounded to thousandths, above 0.
 */
export function isUnsafe(summary: Float32Array, concepts: Directions, specials: Directions): boolean {
  let adjustment = 0
  for (const [i, cosine] of cosines(summary, specials).entries())
    if (counts(cosine, specials.thresholds[i], adjustment)) adjustment = special
  return cosines(summary, concepts).some((cosine, i) => counts(cosine, concepts.thresholds[i], adjustment))
}

function counts(cosine: number, threshold: number, adjustment: number): boolean {
  const score = Math.fround(Math.fround(cosine - threshold) + adjustment)
  return Math.fround(score * 1000) > 0.5
}

/** Of the summary and each of the directions, in float32. */
export function cosines(summary: Float32Array, { embeddings, thresholds }: Directions): Float32Array {
  const size = summary.length
  const length = norm(summary)
  return Float32Array.from(thresholds, (_, i) => {
    const direction = embeddings.subarray(i * size, (i + 1) * size)
    let product = 0
    for (let k = 0; k < size; k++) product += summary[k] * direction[k]
    return product / (length * norm(direction))
  })
}

/** torch's `normalize` divides by no less. */
function norm(values: Float32Array): number {
  let squares = 0
  for (const value of values) squares += value * value
  return Math.max(Math.sqrt(squares), 1e-12)
}
