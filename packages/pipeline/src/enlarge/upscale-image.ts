import { PipelineError } from '../errors.ts'
import { pilResize } from '../images/pil-resize.ts'
import type { RgbImage } from '../request.ts'
import { inTiles, type Pause, type Size } from '../vae/in-tiles.ts'
import type { OpenUpscaler } from './open-upscaler.ts'

/** As many pixels as a network enlarges at once: four times the side of a larger tile would take gigabytes. */
const usualTile = 256 * 256
const mostPasses = 3

/**
 * Enlarges a picture as webui does (modules/upscaler.py): the network as often as the size asks for, three times at
 * most, then Lanczos to the very size.
 *
 * @param upscaler null: Lanczos alone
 */
export async function upscaleImage(
  image: RgbImage,
  { width, height }: Size,
  upscaler: OpenUpscaler | null,
  pause: Pause,
  tilePixels = usualTile,
): Promise<RgbImage> {
  let grown = image
  // One that only cleans has nothing to do a second time.
  const passes = upscaler?.scale === 1 ? 1 : mostPasses
  for (let pass = 0; upscaler && pass < passes && (grown.width < width || grown.height < height); pass++)
    grown = await runUpscaler(upscaler, grown, { pause, tilePixels })
  return grown.width === width && grown.height === height ? grown : pilResize(grown, width, height, 'lanczos')
}

async function runUpscaler(
  { session, scale, multiple }: OpenUpscaler,
  image: RgbImage,
  { pause, tilePixels }: { pause: Pause; tilePixels: number },
): Promise<RgbImage> {
  // Cut and counted in the squares of pixels that it sees as one; those at the edge are filled up with it.
  const size = { width: roundUp(image.width, multiple), height: roundUp(image.height, multiple) }
  const data = await inTiles(
    { latents: { channels: 3, factor: multiple, scale: 1, shift: 0, previews: { factors: [], bias: [] } }, tilePixels },
    size,
    { data: toPlanes(image, size), channels: 3, scale: multiple },
    { channels: 3, scale: multiple * scale },
    {
      pause,
      async run(picture, cells) {
        const [width, height] = [cells.width * multiple, cells.height * multiple]
        const answer = await session.run({ picture: { data: picture, dims: [1, 3, height, width] } }, ['enlarged'])
        const { data } = answer.enlarged
        if (data.length === 3 * width * height * scale ** 2) return data
        throw new PipelineError('not_supported', `The upscaler does not make a picture ${scale} times as large.`)
      },
    },
  )
  return toImage(data, size.width * scale, { width: image.width * scale, height: image.height * scale })
}

function roundUp(value: number, multiple: number): number {
  return Math.ceil(value / multiple) * multiple
}

/** Planar values of 0 … 1; beyond the picture its last row and column are repeated. */
function toPlanes({ data, width, height }: RgbImage, size: Size): Float32Array {
  const planes = new Float32Array(3 * size.width * size.height)
  let k = 0
  for (let c = 0; c < 3; c++) {
    for (let y = 0; y < size.height; y++) {
      const row = Math.min(y, height - 1) * width
      for (let x = 0; x < size.width; x++) planes[k++] = data[(row + Math.min(x, width - 1)) * 3 + c] / 255
    }
  }
  return planes
}

/** Rounded to bytes, as webui does. @param stride how wide the planes are */
function toImage(planes: Float32Array, stride: number, { width, height }: Size): RgbImage {
  const pixels = new Uint8ClampedArray(3 * width * height)
  const plane = planes.length / 3
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let c = 0; c < 3; c++) pixels[(y * width + x) * 3 + c] = planes[c * plane + y * stride + x] * 255
    }
  }
  return { width, height, data: new Uint8Array(pixels.buffer) }
}
