import type { Sizes, Value } from '../graph/graph.ts'
import type { GraphWriter } from '../graph/graph-writer.ts'

type Size = Sizes[number]

/** What convolves a picture. */
interface Window {
  kernel: readonly [number, number]
  /** Above, left, below, right. */
  pads: readonly number[]
  stride: number
  channels: number
}

/** Sizes of pictures [batch, channels, height, width] and of their tokens, as far as those they come from are known. */
export function pictureSizes({ sized, sizesOf }: Pick<GraphWriter, 'sized' | 'sizesOf'>) {
  /** @param like whose sizes the value has, or some of them */
  function from(value: Value, like: Value, change: (sizes: [Size, Size, Size, Size]) => Sizes): Value {
    const sizes = sizesOf(like)
    return sizes?.length === 4 ? sized(value, change(sizes as [Size, Size, Size, Size])) : value
  }
  return {
    like: (value: Value, picture: Value) => from(value, picture, (sizes) => sizes),
    convolved: (value: Value, picture: Value, { kernel, pads, stride, channels }: Window) =>
      from(value, picture, ([batch, , height, width]) => [
        batch,
        channels,
        steps(height, (pads[0] ?? 0) + (pads[2] ?? 0) - kernel[0], stride),
        steps(width, (pads[1] ?? 0) + (pads[3] ?? 0) - kernel[1], stride),
      ]),
    /** @param like the picture whose height and width it has */
    withChannels: (value: Value, like: Value, channels: Size) =>
      from(value, like, ([batch, , height, width]) => [batch, channels, height, width]),
    doubled: (value: Value, picture: Value) =>
      from(value, picture, ([batch, channels, ...sides]) => [batch, channels, ...sides.map((side) => times(2, side))]),
    /** @param groups of channels, of so many each, as one channel each */
    grouped: (value: Value, picture: Value, groups: number, each: number) =>
      from(value, picture, ([batch, , ...sides]) => [batch, groups, times(each, ...sides)]),
    tokens: (value: Value, picture: Value, channels: number) =>
      from(value, picture, ([batch, , ...sides]) => [batch, times(...sides), channels]),
    /** How many channels it has, if that is known. */
    channelsOf: (picture: Value): Size | undefined => sizesOf(picture)?.[1],
  }
}

/** How many steps a window makes over a side. @param around its pads, less the window */
function steps(side: Size, around: number, stride: number): Size {
  const more = around + stride
  if (stride === 1 && more === 0) return side
  return typeof side === 'number' ? Math.floor((side + more) / stride) : `⌊(${side} + ${more})/${stride}⌋`
}

function times(...sizes: Size[]): Size {
  return sizes.every((size) => typeof size === 'number')
    ? sizes.reduce((product, size) => product * size, 1)
    : sizes.filter((size) => size !== 1).join(' × ')
}
