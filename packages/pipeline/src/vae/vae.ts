import { PipelineError } from '../errors.ts'
import { type LatentSpace, latentSize } from '../folder/latent-space.ts'
import { encoderOutput } from '../folder/signature.ts'
import type { Session } from '../ort/graph.ts'
import { sharedFloats } from '../ort/values.ts'
import type { RgbImage } from '../request.ts'
import { inTiles, isOnePiece, type Pause, type Size } from './in-tiles.ts'

/** Pictures to latents and back. */
export interface Vae {
  encoder: Session
  decoder: Session
  latents: LatentSpace
  /** Pictures of more pixels go through in overlapping tiles of at most so many. */
  tilePixels: number
}

/**
 * A picture's latents, planar [channels, height, width] of the latents, scaled as the UNet wants them. The posterior's
 * mean where the export gives it; older exports draw a sample inside the graph.
 */
export async function encodeImage(vae: Vae, image: RgbImage, pause: Pause): Promise<Float32Array> {
  const { data } = image
  const plane = image.width * image.height
  const pixels = takePixels(3 * plane)
  for (let i = 0, from = 0; i < plane; i++, from += 3) {
    pixels[i] = levels[data[from]]
    pixels[plane + i] = levels[data[from + 1]]
    pixels[2 * plane + i] = levels[data[from + 2]]
  }
  const latents = await encodePixels(vae, pixels, image, pause)
  if (plane <= keptPlane) spare = pixels
  return latents
}

/** Pixels of a picture whose memory is kept for the next. */
const keptPlane = 1024 * 1024
let spare: Float32Array | null = null

/**
 * In memory that the device's thread sees, as a message would bring it a copy; that of an earlier picture where one as
 * large has been encoded: fresh memory costs more time than it takes to fill, and a collection of V8's every few
 * pictures.
 */
function takePixels(length: number): Float32Array {
  const pixels = spare?.length === length ? spare : sharedFloats(length)
  spare = null
  return pixels
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
  const { width, height } = size
  const scaled = new Float32Array(latents.length)
  for (let i = 0; i < latents.length; i++) scaled[i] = latents[i] / scale + shift
  const feedsOf = (data: Float32Array, latent: Size) => ({
    [decoder.inputs[0].name]: { data, dims: [1, channels, latent.height, latent.width] },
  })
  function checkLength({ length }: { length: number }, latent: Size): void {
    if (length === 3 * latent.width * latent.height * factor ** 2) return
    throw new PipelineError('model_unusable', `The VAE decoder does not enlarge latents ${factor} times.`)
  }
  const pixels = pixelOutputs[rounding]
  if (isOnePiece(vae, size) && decoder.outputs.some(({ name }) => name === pixels)) {
    await pause()
    const latent = latentSize(vae.latents, size)
    const { data } = (await decoder.runTyped(feedsOf(scaled, latent), [pixels, 'highest']))[pixels]
    checkLength(data, latent)
    return { width, height, data: data as Uint8Array }
  }
  const data = await inTiles(
    vae,
    size,
    { data: scaled, channels, scale: 1 },
    { channels: 3, scale: factor },
    {
      pause,
      async run(tile, latent) {
        const [{ name }] = decoder.outputs
        const answer = (await decoder.run(feedsOf(tile, latent), [name]))[name]
        checkLength(answer.data, latent)
        return answer.data
      },
    },
  )
  return { width, height, data: toBytes(data, width * height, rounding) }
}

/** What graphs that are written here call a picture's bytes. */
const pixelOutputs = { truncate: 'cut_pixels', round: 'rounded_pixels' } as const

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
