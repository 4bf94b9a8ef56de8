/**
 * `count` evenly spaced numbers from `start` to `end`, both included; a single one is `start`. As numpy's and torch's.
 */
export function linspace(start: number, end: number, count: number): Float64Array {
  return Float64Array.from({ length: count }, (_, i) => (i === 0 ? start : start + (i / (count - 1)) * (end - start)))
}
