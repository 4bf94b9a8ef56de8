import { type LatentSpace, latentSize } from '../folder/latent-space.ts'
import { blendWeights, cutPlane, type Span } from './tiles.ts'

export interface Size {
  width: number
  height: number
}

/** Called before each tile: the place to stop. */
export type Pause = () => Promise<void>

/** What is cut: pictures of more pixels go through in overlapping tiles of at most so many. */
interface Cutting {
  latents: LatentSpace
  tilePixels: number
}

/** Whether a picture goes through in one piece. */
export function isOnePiece(cutting: Cutting, size: Size): boolean {
  const { columns, rows } = cut(cutting, latentSize(cutting.latents, size))
  return columns.length * rows.length === 1
}

function cut({ tilePixels, latents }: Cutting, { width, height }: Size) {
  return cutPlane(width, height, tilePixels / latents.factor ** 2)
}

interface Planes {
  channels: number
  /** Values for each latent, along one side. */
  scale: number
}

/** Runs `run` over all of the planes, or over tiles of them whose results are blended. `size` is in pixels. */
export async function inTiles(
  cutting: Cutting,
  size: Size,
  input: Planes & { data: Float32Array },
  output: Planes,
  { pause, run }: { pause: Pause; run: (tile: Float32Array, latents: Size) => Promise<Float32Array> },
): Promise<Float32Array> {
  const { width, height } = latentSize(cutting.latents, size)
  const { columns, rows } = cut(cutting, { width, height })
  if (columns.length * rows.length === 1) {
    await pause()
    return run(input.data, { width, height })
  }
  const whole = new Float32Array(output.channels * width * height * output.scale ** 2)
  for (const [r, row] of rows.entries()) {
    for (const [c, column] of columns.entries()) {
      await pause()
      const tile = await run(cutOut(input, { width, height }, column, row), {
        width: column.length,
        height: row.length,
      })
      const x = { span: column, weights: blendWeights(columns, c, output.scale) }
      const y = { span: row, weights: blendWeights(rows, r, output.scale) }
      blendIn(whole, { width, height }, tile, output, x, y)
    }
  }
  return whole
}

function cutOut(planes: Planes & { data: Float32Array }, whole: Size, column: Span, row: Span): Float32Array {
  const { data, channels, scale } = planes
  const [width, height] = [column.length * scale, row.length * scale]
  const tile = new Float32Array(channels * width * height)
  for (let line = 0; line < channels * height; line++) {
    const channel = Math.floor(line / height)
    const y = row.start * scale + (line % height)
    const from = (channel * whole.height * scale + y) * whole.width * scale + column.start * scale
    tile.set(data.subarray(from, from + width), line * width)
  }
  return tile
}

interface Side {
  span: Span
  weights: Float64Array
}

function blendIn(
  whole: Float32Array,
  size: Size,
  tile: Float32Array,
  { channels, scale }: Planes,
  x: Side,
  y: Side,
): void {
  const [width, height] = [x.weights.length, y.weights.length]
  for (let line = 0; line < channels * height; line++) {
    const channel = Math.floor(line / height)
    const at = (channel * size.height * scale + y.span.start * scale + (line % height)) * size.width * scale
    const weight = y.weights[line % height]
    for (let i = 0; i < width; i++)
      whole[at + x.span.start * scale + i] += weight * x.weights[i] * tile[line * width + i]
  }
}
