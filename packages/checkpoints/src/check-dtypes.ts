import { CheckpointError, quote } from './errors.ts'
import type { Dtype, Weights } from './weights.ts'

const floats: readonly Dtype[] = ['F64', 'F32', 'F16', 'BF16', 'F8_E4M3', 'F8_E5M2']

/**
 * @param parts networks by what errors call them
 * @throws CheckpointError if weights are no floats: they were packed for a runtime that unpacks them in its own way
 */
export function checkDtypes(parts: Readonly<Record<string, Weights>>): void {
  for (const [part, weights] of Object.entries(parts)) {
    for (const [name, { dtype }] of weights) {
      if (!floats.includes(dtype)) {
        throw new CheckpointError(
          `Its ${part} has ${quote(name)} in ${dtype}: it is quantised for another program. Take the F16, BF16, F32 or plain F8 file.`,
        )
      }
    }
  }
}

/** How many numbers of each format a part has, the most first: one name for all files is seldom true. */
export function countDtypes(weights: Weights): Partial<Record<Dtype, number>> {
  const counts = new Map<Dtype, number>()
  for (const { dtype, shape } of weights.values()) {
    counts.set(dtype, (counts.get(dtype) ?? 0) + shape.reduce((product, dim) => product * dim, 1))
  }
  return Object.fromEntries([...counts].sort(([, a], [, b]) => b - a))
}
