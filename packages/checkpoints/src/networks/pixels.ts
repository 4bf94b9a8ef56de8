import type { Layers } from '../blocks/layers.ts'
import type { Value } from '../graph/graph.ts'

const channelsAndPlaces = [1, 2, 3]

/**
 * Gives a picture, in float32 and in the dialect's own order of axes, as bytes too, [batch, height, width, colours]:
 * 0 … 255 for −1 … 1, with the fraction cut off and with it rounded, halves to even; and the highest of each picture's
 * numbers, which is none where one of them is none.
 */
export function writePixels({ writer, toInterleaved }: Layers, picture: Value, colours: number): void {
  const { node, floats, integers, cast, output } = writer
  const wide = (value: number) => floats([value], [], 'float32')
  const unit = node('Add', [node('Mul', [picture, wide(0.5)]), wide(0.5)])
  const levels = node('Mul', [node('Clip', [unit, wide(0), wide(1)]), wide(255)])
  const shape = ['batch_size', 'height', 'width', colours]
  output('cut_pixels', toInterleaved(cast(levels, 'uint8')), 'uint8', shape)
  output('rounded_pixels', toInterleaved(cast(node('Round', [levels]), 'uint8')), 'uint8', shape)
  // 0 but for infinities and what is no number: of those it is none.
  const nothing = node('Mul', [picture, wide(0)])
  const [highest, broken] = [
    ['ReduceMax', picture],
    ['ReduceSum', nothing],
  ].map(([type = '', value = '']) => node(type, [value, integers(channelsAndPlaces)], { keepdims: 0 }))
  output('highest', node('Add', [highest ?? '', broken ?? '']), 'float32', ['batch_size'])
}
