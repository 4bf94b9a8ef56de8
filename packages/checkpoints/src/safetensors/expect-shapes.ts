import { CheckpointError, quote } from '../errors.ts'
import { storedTypes } from '../graph/element-types.ts'
import type { Weights } from '../weights.ts'

/**
 * Holds weights to the shapes that their network needs.
 *
 * @param itsWhat how errors call the network, as in "Its image encoder"
 * @throws CheckpointError naming the first that is missing, has another shape, or is no float
 */
export function expectShapes(
  weights: Weights,
  expected: Iterable<readonly [name: string, shape: readonly number[]]>,
  itsWhat: string,
): void {
  for (const [name, shape] of expected) {
    const tensor = weights.get(name)
    if (!tensor) throw new CheckpointError(`${itsWhat} lacks ${quote(name)}: it is not complete. Fetch the file again.`)
    const found = tensor.transposed ? tensor.shape.toReversed() : tensor.shape
    if (found.join() !== shape.join()) {
      const sizes = `${found.join('×') || 'one number'} where ${shape.join('×')} belongs`
      throw new CheckpointError(`${itsWhat} has ${quote(name)} of ${sizes}: its layers do not fit together.`)
    }
    if (!storedTypes[tensor.dtype])
      throw new CheckpointError(`${itsWhat} has ${quote(name)} in ${tensor.dtype}, which is no float.`)
  }
}
