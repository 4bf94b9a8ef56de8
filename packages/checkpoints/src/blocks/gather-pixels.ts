import type { Value } from '../graph/graph.ts'
import type { GraphWriter } from '../graph/graph-writer.ts'

/**
 * Each square of `side` pixels as one, with the channels of all, of a planar picture: torch's `pixel_unshuffle`. Its
 * sides are multiples of that.
 */
export function gatherPixels(
  writer: GraphWriter,
  image: Value,
  { side, channels }: { side: number; channels: number },
): Value {
  if (side === 1) return image
  const { node, integers } = writer
  const sides = node('Slice', [node('Shape', [image]), integers([2]), integers([4])])
  const fewer = node('Div', [sides, integers([side])])
  const [height = '', width = ''] = writer.nodes('Split', [fewer], { num_outputs: 2 }, 2)
  const step = integers([side])
  const split = node('Concat', [integers([0, channels]), height, step, width, step], { axis: 0 })
  const turned = node('Transpose', [node('Reshape', [image, split])], { perm: [0, 1, 3, 5, 2, 4] })
  const shape = node('Concat', [integers([0, channels * side * side]), height, width], { axis: 0 })
  return node('Reshape', [turned, shape])
}
