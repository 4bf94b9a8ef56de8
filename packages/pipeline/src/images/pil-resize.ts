import { type Box, channelsOf, type Raster } from './raster.ts'

/*
 * Pillow's resize for 8-bit pictures, byte for byte (src/libImaging/Resample.c): two passes, rows first, each with weights
 * of 22 fraction bits and its result rounded to a byte; a pass that would change nothing is left out.
 */

export type Filter = keyof typeof filters

interface Kernel {
  /** Reach to either side, in source pixels when enlarging. */
  support: number
  weight: (x: number) => number
}

const filters = {
  bilinear: { support: 1, weight: (x) => Math.max(0, 1 - Math.abs(x)) },
  bicubic: { support: 2, weight: bicubic },
  lanczos: { support: 3, weight: (x) => (x >= -3 && x < 3 ? sinc(x) * sinc(x / 3) : 0) },
} satisfies Record<string, Kernel>

/**
 * The picture at a new size; when shrinking, the filter widens so that every source pixel counts.
 *
 * @param box the part of the source that is spread over the result, the whole by default. It may have no width or height:
 * then the filter is centred on that edge.
 */
export function pilResize<Image extends Raster>(
  image: Image,
  width: number,
  height: number,
  filter: Filter,
  box?: Box,
): Image {
  const [x1, y1, x2, y2] = box ?? [0, 0, image.width, image.height]
  let raster: Raster = image
  if (width !== image.width || x1 !== 0 || x2 !== image.width)
    raster = resizeRows(raster, width, x1, x2, filters[filter])
  if (height !== image.height || y1 !== 0 || y2 !== image.height)
    raster = resizeColumns(raster, height, y1, y2, filters[filter])
  return { ...image, width, height, data: raster === image ? image.data.slice() : raster.data }
}

const fractionBits = 22
const one = 2 ** fractionBits

interface Taps {
  /** First source pixel of each result pixel. */
  first: Int32Array
  /** How many source pixels it reads. */
  count: Int32Array
  /** Their weights, `stride` places for each result pixel; doubles, since the sums outgrow 32 bits. */
  weights: Float64Array
  stride: number
}

function taps(inSize: number, from: number, to: number, outSize: number, kernel: Kernel): Taps {
  const scale = (to - from) / outSize
  const filterScale = Math.max(scale, 1)
  const support = kernel.support * filterScale
  const stride = Math.ceil(support) * 2 + 1
  const result: Taps = {
    first: new Int32Array(outSize),
    count: new Int32Array(outSize),
    weights: new Float64Array(outSize * stride),
    stride,
  }
  for (let x = 0; x < outSize; x++) {
    const centre = from + (x + 0.5) * scale
    const first = Math.max(Math.trunc(centre - support + 0.5), 0)
    const count = Math.min(Math.trunc(centre + support + 0.5), inSize) - first
    const weights = result.weights.subarray(x * stride, x * stride + count)
    let sum = 0
    for (let k = 0; k < count; k++) {
      weights[k] = kernel.weight((k + first - centre + 0.5) / filterScale)
      sum += weights[k]
    }
    for (let k = 0; k < count; k++) {
      const scaled = (sum === 0 ? weights[k] : weights[k] / sum) * one
      weights[k] = Math.trunc(scaled < 0 ? scaled - 0.5 : scaled + 0.5)
    }
    result.first[x] = first
    result.count[x] = count
  }
  return result
}

function resizeRows(image: Raster, width: number, from: number, to: number, kernel: Kernel): Raster {
  const channels = channelsOf(image)
  const { first, count, weights, stride } = taps(image.width, from, to, width, kernel)
  const data = new Uint8Array(width * image.height * channels)
  for (let y = 0; y < image.height; y++) {
    const row = y * image.width
    for (let x = 0; x < width; x++) {
      for (let c = 0; c < channels; c++) {
        let sum = one / 2
        let source = (row + first[x]) * channels + c
        for (let k = x * stride; k < x * stride + count[x]; k++, source += channels)
          sum += image.data[source] * weights[k]
        data[(y * width + x) * channels + c] = toByte(sum)
      }
    }
  }
  return { width, height: image.height, data }
}

function resizeColumns(image: Raster, height: number, from: number, to: number, kernel: Kernel): Raster {
  const rowLength = image.width * channelsOf(image)
  const { first, count, weights, stride } = taps(image.height, from, to, height, kernel)
  const data = new Uint8Array(rowLength * height)
  const sums = new Float64Array(rowLength)
  for (let y = 0; y < height; y++) {
    sums.fill(one / 2)
    for (let k = 0; k < count[y]; k++) {
      const weight = weights[y * stride + k]
      const source = (first[y] + k) * rowLength
      for (let i = 0; i < rowLength; i++) sums[i] += image.data[source + i] * weight
    }
    for (let i = 0; i < rowLength; i++) data[y * rowLength + i] = toByte(sums[i])
  }
  return { width: image.width, height, data }
}

function toByte(sum: number): number {
  return Math.min(Math.max(Math.floor(sum / one), 0), 255)
}

/** Keys's cubic with a = −½. */
function bicubic(x: number): number {
  const a = -0.5
  const d = Math.abs(x)
  if (d < 1) return ((a + 2) * d - (a + 3)) * d * d + 1
  if (d < 2) return (((d - 5) * d + 8) * d - 4) * a
  return 0
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x)
}
