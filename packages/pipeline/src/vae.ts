import { PipelineError } from './errors.ts'
import { encoderOutput } from './models/signature.ts'
import type { Session } from './ort/session.ts'
import type { RgbImage } from './request.ts'

/**
 * A picture's latents, planar [4, height/8, width/8], scaled as the UNet wants them. The posterior's mean where the export
 * gives it; older exports draw a sample inside the graph.
 */
export async function encodeImage(session: Session, image: RgbImage, scalingFactor: number): Promise<Float32Array> {
  const plane = image.width * image.height
  const pixels = new Float32Array(3 * plane)
  for (let i = 0; i < plane; i++) {
    for (let c = 0; c < 3; c++) pixels[c * plane + i] = (image.data[i * 3 + c] / 255) * 2 - 1
  }
  return encodePixels(session, pixels, image.width, image.height, scalingFactor)
}

/** As {@link encodeImage}, from planar values in −1 … 1. */
export async function encodePixels(
  session: Session,
  pixels: Float32Array,
  width: number,
  height: number,
  scalingFactor: number,
): Promise<Float32Array> {
  const { name } = encoderOutput(session)
  const input = { data: pixels, dims: [1, 3, height, width] }
  const answer = await session.run({ [session.inputs[0].name]: input }, [name])
  const length = 4 * (height / 8) * (width / 8)
  const latents = answer[name].data.slice(0, length)
  if (latents.length !== length) {
    throw new PipelineError('model_unusable', 'The VAE encoder does not shrink a picture to an eighth.')
  }
  for (let i = 0; i < length; i++) latents[i] *= scalingFactor
  return latents
}

/**
 * The picture of one image's latents.
 *
 * @param rounding AUTOMATIC1111 cuts the fraction of a byte off, diffusers rounds it.
 */
export async function decodeLatents(
  session: Session,
  latents: Float32Array,
  size: { width: number; height: number },
  scalingFactor: number,
  rounding: 'truncate' | 'round',
): Promise<RgbImage> {
  const { width, height } = size
  const scaled = latents.map((value) => value / scalingFactor)
  const input = { data: scaled, dims: [1, 4, height / 8, width / 8] }
  const [output] = session.outputs
  const { data } = (await session.run({ [session.inputs[0].name]: input }, [output.name]))[output.name]
  const plane = width * height
  if (data.length !== 3 * plane) {
    throw new PipelineError('model_unusable', 'The VAE decoder does not enlarge latents eight times.')
  }
  const pixels = new Uint8Array(3 * plane)
  let sum = 0
  for (let i = 0; i < plane; i++) {
    for (let c = 0; c < 3; c++) {
      const value = data[c * plane + i]
      sum += value
      const unit = Math.min(Math.max(Math.fround(value / 2 + 0.5), 0), 1)
      pixels[i * 3 + c] = rounding === 'round' ? roundHalfToEven(Math.fround(unit * 255)) : Math.fround(unit * 255)
    }
  }
  if (!Number.isFinite(sum)) {
    throw new PipelineError(
      'bad_output',
      'The VAE answered values that are not numbers. A float16 VAE may be the cause.',
    )
  }
  return { width, height, data: pixels }
}

/** numpy's `round`. */
function roundHalfToEven(value: number): number {
  const floor = Math.floor(value)
  return value - floor === 0.5 ? floor + (floor % 2) : Math.round(value)
}
