/** Interleaved bytes, `channels` for each pixel. */
interface Pixels {
  width: number
  height: number
  data: Uint8Array | Uint8ClampedArray
}

/** Of the sums of both gradients: what is not above the first is no edge, what is above the second is one. */
export interface CannyThresholds {
  low: number
  high: number
}

/** tan 22.5° in 15 bits, as OpenCV rounds it. */
const tangent = 13573
const [none, maybe, edge] = [1, 0, 2]

/**
 * Canny's edges (1986) of a picture of colours, white on black: byte for byte OpenCV's `Canny(picture, low, high)`,
 * which takes the two in either order. Of each pixel the colour counts that changes most.
 *
 * @param channels of each pixel; those from the fourth on, alpha, are left out
 * @returns one byte for each pixel, 0 or 255
 */
export function cannyEdges(
  { width, height, data }: Pixels,
  channels: 3 | 4,
  { low, high }: CannyThresholds,
): Uint8Array {
  const gradients = colourGradients({ width, height, data }, channels)
  const thresholds = { low: Math.min(low, high), high: Math.max(low, high) }
  // One more on every side, where nothing changes.
  const stride = width + 2
  const { marks, sure } = thinned(gradients, thresholds, width)
  const around = [-stride - 1, -stride, -stride + 1, -1, 1, stride - 1, stride, stride + 1]
  for (let place = sure.pop(); place !== undefined; place = sure.pop()) {
    for (const step of around) {
      if (marks[place + step] !== maybe) continue
      marks[place + step] = edge
      sure.push(place + step)
    }
  }
  const edges = new Uint8Array(width * height)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) if (marks[(y + 1) * stride + x + 1] === edge) edges[y * width + x] = 255
  return edges
}

interface Gradients {
  dx: Int16Array
  dy: Int16Array
  /** Of their sizes, with a border of one on every side. */
  sums: Int32Array
}

/** Sobel's, with the pixels at the edges repeated. */
function colourGradients({ width, height, data }: Pixels, channels: number): Gradients {
  const [dx, dy] = [new Int16Array(width * height), new Int16Array(width * height)]
  const stride = width + 2
  const sums = new Int32Array(stride * (height + 2))
  const at = (pixel: number, colour: number): number => data[pixel * channels + colour] ?? 0
  for (let y = 0; y < height; y++) {
    const rows = [Math.max(0, y - 1), y, Math.min(height - 1, y + 1)].map((row) => row * width)
    const [above = 0, own = 0, below = 0] = rows
    for (let x = 0; x < width; x++) {
      const left = Math.max(0, x - 1)
      const right = Math.min(width - 1, x + 1)
      const place = (y + 1) * stride + x + 1
      for (let c = 0; c < 3; c++) {
        const risen = at(below + right, c) - at(above + left, c)
        const fallen = at(above + right, c) - at(below + left, c)
        const across = risen + fallen + 2 * (at(own + right, c) - at(own + left, c))
        const down = risen - fallen + 2 * (at(below + x, c) - at(above + x, c))
        const sum = Math.abs(across) + Math.abs(down)
        if (c > 0 && sum <= (sums[place] ?? 0)) continue
        sums[place] = sum
        dx[own + x] = across
        dy[own + x] = down
      }
    }
  }
  return { dx, dy, sums }
}

/** Leaves of each edge the highest of its breadth, and tells which of that are edges for sure. */
function thinned(
  { dx, dy, sums }: Gradients,
  thresholds: CannyThresholds,
  width: number,
): { marks: Uint8Array; sure: number[] } {
  const stride = width + 2
  const height = dx.length / width
  const marks = new Uint8Array(sums.length).fill(none)
  const sure: number[] = []
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const place = (y + 1) * stride + x + 1
      const sum = sums[place] ?? 0
      if (sum <= thresholds.low || !isHighest(sums, place, stride, dx[y * width + x] ?? 0, dy[y * width + x] ?? 0))
        continue
      marks[place] = sum > thresholds.high ? edge : maybe
      if (sum > thresholds.high) sure.push(place)
    }
  }
  return { marks, sure }
}

/** Beside its two neighbours across the edge. */
function isHighest(sums: Int32Array, place: number, stride: number, dx: number, dy: number): boolean {
  const sum = sums[place] ?? 0
  const at = (step: number): number => sums[place + step] ?? 0
  const lower = Math.abs(dx) * tangent
  const size = Math.abs(dy) * 2 ** 15
  if (size < lower) return sum > at(-1) && sum >= at(1)
  if (size > lower + Math.abs(dx) * 2 ** 16) return sum > at(-stride) && sum >= at(stride)
  const side = dx < 0 !== dy < 0 ? -1 : 1
  return sum > at(-stride - side) && sum > at(stride + side)
}
