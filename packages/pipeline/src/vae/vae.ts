import { PipelineError } from '../errors.ts'
import { type LatentSpace, latentSize } from '../folder/latent-space.ts'
import { encoderOutput } from '../folder/signature.ts'
import type { Session } from '../ort/graph.ts'
import type { RgbImage } from '../request.ts'
import { blendWeights, cutPlane, type Span } from './tiles.ts'

/** Pictures to latents and back. */
export interface Vae {
  encoder: Session
  decoder: Session
  latents: LatentSpace
  /** Pictures of more pixels go through in overlapping tiles of at most so many. */
  tilePixels: number
}

interface Size {
  width: number
  height: number
}

/** Called before each tile: the place to stop. */
export type Pause = () => Promise<void>

/**
 * A picture's latents, planar [channels, height, width] of the latents, scaled as the UNet wants them. The posterior's
 * mean where the export gives it; older exports draw a sample inside the graph.
 */
export async function encodeImage(vae: Vae, image: RgbImage, pause: Pause): Promise<Float32Array> {
  const plane = image.width * image.height
  const pixels = new Float32Array(3 * plane)
  for (let c = 0; c < 3; c++) {
    const from = c * plane
    for (let i = 0; i < plane; i++) pixels[from + i] = levels[image.data[i * 3 + c]]
  }
  return encodePixels(vae, pixels, image, pause)
}

/** As {@link encodeImage}, from planar values in −1 … 1. */
export async function encodePixels(vae: Vae, pixels: Float32Array, size: Size, pause: Pause): Promise<Float32Array> {
  const { encoder } = vae
  const { channels, factor, scale, shift } = vae.latents
  const { name } = encoderOutput(encoder, vae.latents)
  const latents = await inTiles(
    vae,
    size,
    { data: pixels, channels: 3, scale: factor },
    { channels, scale: 1 },
    {
      pause,
      async run(data, { width, height }) {
        const feeds = { [encoder.inputs[0].name]: { data, dims: [1, 3, height * factor, width * factor] } }
        const answer = (await encoder.run(feeds, [name]))[name]
        const [, , rows, columns] = answer.dims
        if (rows !== height || columns !== width) {
          throw new PipelineError('model_unusable', `The VAE encoder does not shrink a picture ${factor} times.`)
        }
        // Of mean and log variance, the mean.
        return answer.data.slice(0, channels * height * width)
      },
    },
  )
  for (let i = 0; i < latents.length; i++) latents[i] = (latents[i] - shift) * scale
  return latents
}

/**
 * The picture of one image's latents.
 *
 * @param size of the picture, in pixels
 * @param rounding AUTOMATIC1111 cuts the fraction of a byte off, diffusers rounds it.
 */
export async function decodeLatents(
  vae: Vae,
  latents: Float32Array,
  size: Size,
  rounding: 'truncate' | 'round',
  pause: Pause,
): Promise<RgbImage> {
  const { decoder } = vae
  const { channels, factor, scale, shift } = vae.latents
  const scaled = latents.map((value) => value / scale + shift)
  const data = await inTiles(
    vae,
    size,
    { data: scaled, channels, scale: 1 },
    { channels: 3, scale: factor },
    {
      pause,
      async run(tile, { width, height }) {
        const feeds = { [decoder.inputs[0].name]: { data: tile, dims: [1, channels, height, width] } }
        const [{ name }] = decoder.outputs
        const answer = (await decoder.run(feeds, [name]))[name]
        if (answer.data.length !== 3 * width * height * factor ** 2) {
          throw new PipelineError('model_unusable', `The VAE decoder does not enlarge latents ${factor} times.`)
        }
        return answer.data
      },
    },
  )
  const { width, height } = size
  return { width, height, data: toBytes(data, width * height, rounding) }
}

interface Planes {
  channels: number
  /** Values for each latent, along one side. */
  scale: number
}

/** Runs `run` over all of the planes, or over tiles of them whose results are blended. `size` is in pixels. */
async function inTiles(
  { tilePixels, latents }: Vae,
  size: Size,
  input: Planes & { data: Float32Array },
  output: Planes,
  { pause, run }: { pause: Pause; run: (tile: Float32Array, latents: Size) => Promise<Float32Array> },
): Promise<Float32Array> {
  const { width, height } = latentSize(latents, size)
  const { columns, rows } = cutPlane(width, height, tilePixels / latents.factor ** 2)
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

/** What each byte of a picture is to the encoder: −1 … 1. */
const levels = Float32Array.from({ length: 256 }, (_, byte) => (byte / 255) * 2 - 1)

function toBytes(data: Float32Array, plane: number, rounding: 'truncate' | 'round'): Uint8Array {
  const pixels = new Uint8Array(3 * plane)
  // A clamped array rounds halves to even; a plain one cuts the fraction off.
  const target = rounding === 'round' ? new Uint8ClampedArray(pixels.buffer) : pixels
  for (let c = 0; c < 3; c++) {
    const from = c * plane
    for (let i = 0; i < plane; i++) {
      const unit = Math.fround(data[from + i] / 2 + 0.5)
      target[i * 3 + c] = Math.fround(Math.min(Math.max(unit, 0), 1) * 255)
    }
  }
  return pixels
}
