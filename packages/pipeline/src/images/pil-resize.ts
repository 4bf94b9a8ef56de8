import { type Box, channelsOf, type Raster } from './raster.ts'

/*
 * Pillow's resize for 8-bit pictures, byte for byte (src/libImaging/Resample.c): two passes, rows first, each with
 * weights of 22 fraction bits and its result rounded to a byte; a pass that would change nothing is left out.
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

interface ResizeOptions {
  /**
   * The part of the source that is spread over the result, the whole by default. It may have no width or height: then
   * the filter is centred on that edge.
   */
  box?: Box
  /** The part of the result that is made, the whole by default. */
  window?: Box
}

/** The picture at a new size; when shrinking, the filter widens so that every source pixel counts. */
export function pilResize<Image extends Raster>(
  image: Image,
  width: number,
  height: number,
  filter: Filter,
  { box = [0, 0, image.width, image.height], window = [0, 0, width, height] }: ResizeOptions = {},
): Image {
  const kernel = filters[filter]
  const isSameWidth = width === image.width && box[0] === 0 && box[2] === image.width
  const isSameHeight = height === image.height && box[1] === 0 && box[3] === image.height
  const isWholeWidth = window[0] === 0 && window[2] === width
  const isWholeHeight = window[1] === 0 && window[3] === height
  const columns = taps(image.width, box[0], box[2], width, isSameWidth ? identity : kernel, window[0], window[2])
  const rows = taps(image.height, box[1], box[3], height, isSameHeight ? identity : kernel, window[1], window[3])
  const narrow = isSameWidth && isWholeWidth ? image : resizeRows(image, columns, rows.first[0], lastOf(rows))
  const data = isSameHeight && isWholeHeight ? narrow.data : resizeColumns(narrow, rows)
  return {
    ...image,
    width: window[2] - window[0],
    height: window[3] - window[1],
    data: data === image.data ? data.slice() : data,
  }
}

const fractionBits = 22
const one = 2 ** fractionBits

/** Weighs each pixel with itself alone: a pass that changes nothing. */
const identity: Kernel = { support: 0.5, weight: () => 1 }

interface Taps {
  /** First source pixel of each result pixel. */
  first: Int32Array
  /** How many source pixels it reads. */
  count: Int32Array
  /**
   * Their weights, `stride` places for each result pixel. Signs aside they add up to less than 2, so that sums fit into
   * 32 bits.
   */
  weights: Int32Array
  stride: number
}

function taps(
  inSize: number,
  from: number,
  to: number,
  outSize: number,
  kernel: Kernel,
  start: number,
  end: number,
): Taps {
  const scale = (to - from) / outSize
  const filterScale = Math.max(scale, 1)
  const support = kernel.support * filterScale
  const stride = Math.ceil(support) * 2 + 1
  const result: Taps = {
    first: new Int32Array(end - start),
    count: new Int32Array(end - start),
    weights: new Int32Array((end - start) * stride),
    stride,
  }
  for (let x = 0; x < end - start; x++) {
    const centre = from + (x + start + 0.5) * scale
    const first = Math.max(Math.trunc(centre - support + 0.5), 0)
    const count = Math.min(Math.trunc(centre + support + 0.5), inSize) - first
    const weights = new Float64Array(count)
    let sum = 0
    for (let k = 0; k < count; k++) {
      weights[k] = kernel.weight((k + first - centre + 0.5) / filterScale)
      sum += weights[k]
    }
    for (let k = 0; k < count; k++) {
      const scaled = (sum === 0 ? weights[k] : weights[k] / sum) * one
      result.weights[x * stride + k] = Math.trunc(scaled < 0 ? scaled - 0.5 : scaled + 0.5)
    }
    result.first[x] = first
    result.count[x] = count
  }
  return result
}

/** The end of what the last result pixel reads, which is the end of all that is read. */
function lastOf({ first, count }: Taps): number {
  return first[first.length - 1] + count[count.length - 1]
}

/** Resizes the rows from `top` to `bottom`, those that the other pass reads; the others stay empty. */
function resizeRows(image: Raster, { first, count, weights, stride }: Taps, top: number, bottom: number): Raster {
  const { data: source } = image
  const channels = channelsOf(image)
  const width = first.length
  const data = new Uint8Array(width * image.height * channels)
  for (let y = top; y < bottom; y++) {
    const row = y * image.width
    for (let x = 0; x < width; x++) {
      const [start, end] = [x * stride, x * stride + count[x]]
      for (let c = 0; c < channels; c++) {
        let sum = one / 2
        let from = (row + first[x]) * channels + c
        for (let k = start; k < end; k++, from += channels) sum = (sum + Math.imul(source[from], weights[k])) | 0
        data[(y * width + x) * channels + c] = toByte(sum)
      }
    }
  }
  return { width, height: image.height, data }
}

function resizeColumns(image: Raster, { first, count, weights, stride }: Taps): Uint8Array {
  const { data: source } = image
  const rowLength = image.width * channelsOf(image)
  const height = first.length
  const data = new Uint8Array(rowLength * height)
  const sums = new Int32Array(rowLength)
  for (let y = 0; y < height; y++) {
    sums.fill(one / 2)
    // Three rows at once, since the sums go through memory. One that is not there weighs nothing.
    for (let k = 0; k < count[y]; k += 3) {
      const places = [0, 1, 2].map((n) => (first[y] + Math.min(k + n, count[y] - 1)) * rowLength)
      const factors = [0, 1, 2].map((n) => (k + n < count[y] ? weights[y * stride + k + n] : 0))
      addRows(sums, source, places, factors)
    }
    for (let i = 0, to = y * rowLength; i < rowLength; i++) data[to + i] = toByte(sums[i])
  }
  return data
}

function addRows(sums: Int32Array, source: Uint8Array, [p, q, r]: number[], [a, b, c]: number[]): void {
  for (let i = 0; i < sums.length; i++) {
    sums[i] += Math.imul(source[p + i], a) + Math.imul(source[q + i], b) + Math.imul(source[r + i], c)
  }
}

function toByte(sum: number): number {
  const whole = sum >> fractionBits
  return Math.max(0, Math.min(whole, 255))
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
