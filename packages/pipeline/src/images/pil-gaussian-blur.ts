import { channelsOf, type Raster } from './raster.ts'

/**
 * Pillow's `ImageFilter.GaussianBlur(sigma)`, byte for byte (src/libImaging/BoxBlur.c): three box blurs along the rows,
 * three along the columns, each rounded to a byte, edges repeated. Its cost does not depend on `sigma`.
 */
export function pilGaussianBlur<Image extends Raster>(image: Image, sigma: number): Image {
  if (sigma === 0) return { ...image, data: image.data.slice() }
  const box = boxOf(boxRadius(sigma))
  const channels = channelsOf(image)
  const rowLength = image.width * channels
  const data = image.data.slice()
  const line = new Uint8Array(Math.max(image.width, image.height) + 2 * (box.whole + 1))
  for (let y = 0; y < image.height; y++) {
    for (let c = 0; c < channels; c++) blurLine(data, y * rowLength + c, channels, image.width, box, line)
  }
  for (let x = 0; x < rowLength; x++) blurLine(data, x, rowLength, image.height, box, line)
  return { ...image, data }
}

const passes = 3
const one = 2 ** 24
const f = Math.fround

/**
 * The radius, with its fraction, whose box has the variance of a third of the Gaussian. In float32, as Pillow computes
 * it.
 */
function boxRadius(sigma: number): number {
  const variance = f(f(f(sigma) * f(sigma)) / passes)
  const length = f(Math.sqrt(12 * variance + 1))
  const whole = f(Math.floor((length - 1) / 2))
  const numerator = f(f(2 * whole + 1) * f(f(whole * f(whole + 1)) - f(3 * variance)))
  const denominator = f(6 * f(variance - f(f(whole + 1) * f(whole + 1))))
  return f(whole + f(numerator / denominator))
}

interface WeighedBox {
  /** How many whole pixels the box reaches to either side. */
  whole: number
  /** What those pixels weigh, in 2⁻²⁴. */
  weight: number
  /** What the pixel beyond them on either side weighs. */
  edgeWeight: number
}

/** A box of width 2 · radius + 1; its two ends weigh what the radius's fraction leaves them. */
function boxOf(radius: number): WeighedBox {
  const whole = Math.trunc(radius)
  const weight = Math.trunc(f(one / f(f(radius * 2) + 1)))
  return { whole, weight, edgeWeight: Math.trunc((one - (whole * 2 + 1) * weight) / 2) }
}

/**
 * Blurs one line in place, three times. `line` is room for it with its ends repeated as far as the box reaches: columns
 * lie far apart in memory, so each is read and written once.
 */
function blurLine(
  data: Uint8Array,
  start: number,
  stride: number,
  length: number,
  box: WeighedBox,
  line: Uint8Array,
): void {
  const reach = box.whole + 1
  for (let i = 0; i < length; i++) line[reach + i] = data[start + i * stride]
  for (let pass = 0; pass < passes; pass++) {
    line.fill(line[reach], 0, reach)
    line.fill(line[reach + length - 1], reach + length, length + 2 * reach)
    boxBlur(line, length, box)
    line.copyWithin(reach, 0, length)
  }
  for (let i = 0; i < length; i++) data[start + i * stride] = line[reach + i]
}

/** One box blur by a running sum. The result begins at the start of `line`, where nothing is read any more. */
function boxBlur(line: Uint8Array, length: number, { whole, weight, edgeWeight }: WeighedBox): void {
  const reach = whole + 1
  let sum = 0
  for (let i = 1; i <= 2 * whole + 1; i++) sum += line[i]
  for (let i = 0; i < length; i++) {
    const total = sum * weight + (line[i] + line[i + 2 * reach]) * edgeWeight
    sum += line[i + 2 * reach] - line[i + 1]
    line[i] = Math.floor((total + one / 2) / one)
  }
}
