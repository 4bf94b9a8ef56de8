/*
 * The ten steps that Sabour et al. 2024 (arXiv:2404.14507) optimised for each family, as published with the paper,
 * each list closed by the table's lowest sigma.
 */
export const alignYourSteps = {
  sd: [14.615, 6.475, 3.861, 2.697, 1.886, 1.396, 0.963, 0.652, 0.399, 0.152, 0.029],
  xl: [14.615, 6.315, 3.771, 2.181, 1.342, 0.862, 0.555, 0.38, 0.234, 0.113, 0.029],
}

/** `steps` falling sigmas along a family's list, linear in ln σ between its points. The caller appends the final 0. */
export function alignYourStepsSigmas(steps: number, points: readonly number[]): Float64Array {
  const last = points.length - 1
  return Float64Array.from({ length: steps }, (_, i) => {
    // One step takes the low end, as the reversed interpolation of the published recipe does.
    const position = steps === 1 ? last : (i / (steps - 1)) * last
    const low = Math.min(Math.floor(position), last - 1)
    const weight = position - low
    return Math.exp((1 - weight) * Math.log(points[low]) + weight * Math.log(points[low + 1]))
  })
}
