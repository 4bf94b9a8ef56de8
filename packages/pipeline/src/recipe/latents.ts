import { inpaintChannels, latentSize } from '../folder/latent-space.ts'
import { bilinearPlanes, hardMask, nearestPlane } from '../images/latent-resize.ts'
import { pilResize } from '../images/pil-resize.ts'
import type { LoadedModel } from '../load-model.ts'
import type { GenerateRequest, MaskedContent } from '../request.ts'
import type { Pause } from '../vae/in-tiles.ts'
import { encodeImage, encodePixels } from '../vae/vae.ts'
import { seedNoise } from './noise-sources.ts'
import type { WorkingPicture } from './working-picture.ts'

/** What the denoiser starts from and is held to. */
export interface InitLatents {
  /** Clean latents of one image, or of each where they differ: planar. */
  init: Float32Array
  /** What is repainted, 0–1, one plane; null where nothing is pinned. */
  mask: Float32Array | null
  /** Mask and masked latents for an inpaint model, planar. */
  inpaint: Float32Array | null
}

/**
 * Encodes the working picture, and for an inpaint model the picture with its hole.
 *
 * @param picture null: it is begun from noise alone, and the latents are zeros
 * @param mask what of the latents is repainted; null: all of it
 */
export async function encodeWorkingPicture(
  model: LoadedModel,
  request: GenerateRequest,
  picture: WorkingPicture | null,
  mask: Float32Array | null,
  pause: Pause,
): Promise<InitLatents> {
  const space = model.folder.latents
  const size = latentSize(space, request)
  const init = picture
    ? await encodeTo(model, picture, request, pause)
    : new Float32Array(space.channels * size.width * size.height)
  const inpaint = model.description.isInpaintModel ? await inpaintPlanes(model, request, picture, pause) : null
  if (!request.inpaint || !mask) return { init, mask: null, inpaint }
  return { init: withMaskedContent(request, request.inpaint.maskedContent, init, mask), mask, inpaint }
}

/** Latents of width × height; where the picture has another size, they are stretched. */
async function encodeTo(
  model: LoadedModel,
  { image }: WorkingPicture,
  to: { width: number; height: number },
  pause: Pause,
): Promise<Float32Array> {
  const space = model.folder.latents
  const latents = await encodeImage(model.vae, image, pause)
  if (image.width === to.width && image.height === to.height) return latents
  return bilinearPlanes(latents, latentSize(space, image), latentSize(space, to))
}

/** `noise` and `empty` replace the latents of what is repainted. */
function withMaskedContent(
  request: GenerateRequest,
  content: MaskedContent,
  init: Float32Array,
  mask: Float32Array,
): Float32Array {
  if (content !== 'noise' && content !== 'empty') return init
  const latents = content === 'noise' ? seedNoise(request, init.length) : new Float32Array(init.length)
  for (let k = 0; k < latents.length; k++) {
    const m = mask[k % mask.length]
    latents[k] = m * latents[k] + (1 - m) * init[k % init.length]
  }
  return latents
}

/**
 * The mask at the size of the latents and the encoded picture whose masked part is mid grey. Without a mask all of it
 * is.
 */
async function inpaintPlanes(
  model: LoadedModel,
  request: GenerateRequest,
  picture: WorkingPicture | null,
  pause: Pause,
): Promise<Float32Array> {
  const { width, height } = request
  const space = model.folder.latents
  const size = latentSize(space, request)
  const latentPlane = size.width * size.height
  const mask = picture?.mask
  const hole = mask ? (request.inpaint?.soft ? Float32Array.from(mask.data, (v) => v / 255) : hardMask(mask)) : null
  const pixels = new Float32Array(3 * width * height)
  if (picture && hole) {
    const source = pilResize(picture.image, width, height, 'lanczos')
    for (let i = 0; i < width * height; i++) {
      const keep = 1 - hole[i]
      for (let c = 0; c < 3; c++) pixels[c * width * height + i] = ((source.data[i * 3 + c] / 255) * 2 - 1) * keep
    }
  }
  const planes = new Float32Array(inpaintChannels(space) * latentPlane)
  planes.set(hole ? nearestPlane(hole, { width, height }, size) : new Float32Array(latentPlane).fill(1))
  planes.set(await encodePixels(model.vae, pixels, { width, height }, pause), latentPlane)
  return planes
}
