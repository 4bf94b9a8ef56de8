/**
 * One image's source of standard normals. Fills `out` and moves on: one call is one draw, as one call of torch's
 * `randn`, so drawing 16 numbers twice is not the same as drawing 32 once.
 */
export type Randn = (out: Float32Array) => void

/**
 * Joins one source per image into a source for their batch: image i takes the i-th equal part of `out` from its own
 * source.
 */
export function batchRandn(images: readonly Randn[]): Randn {
  return (out) => {
    const length = out.length / images.length
    if (!Number.isInteger(length))
      throw new RangeError(`${out.length} numbers do not divide into ${images.length} images`)
    images.forEach((randn, i) => {
      randn(out.subarray(i * length, (i + 1) * length))
    })
  }
}
