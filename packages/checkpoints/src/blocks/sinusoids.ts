import type { Value } from '../graph/graph.ts'
import type { GraphWriter } from '../graph/graph-writer.ts'

/**
 * Numbers as cosines, then sines, of falling frequencies: float32 [n] to [n, size]. The frequencies are rounded at each
 * step as torch rounds them; at angles of a thousand the last bit counts.
 *
 * @param size even
 */
export function sinusoids({ node, integers, floats }: GraphWriter, values: Value, size: number): Value {
  const half = size / 2
  const scale = Math.fround(-Math.log(10000))
  const frequencies = Array.from({ length: half }, (_, i) => Math.exp(Math.fround(Math.fround(scale * i) / half)))
  const angles = node('Mul', [node('Unsqueeze', [values, integers([1])]), floats(frequencies, [1, half], 'float32')])
  return node('Concat', [node('Cos', [angles]), node('Sin', [angles])], { axis: 1 })
}
