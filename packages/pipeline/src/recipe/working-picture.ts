import type { LatentSpace } from '../folder/latent-space.ts'
import { correctColors } from '../images/color-correction.ts'
import { fillMasked } from '../images/masked-fill.ts'
import { applyOverlay, makeOverlay, overlayMask } from '../images/overlay.ts'
import { pilResize } from '../images/pil-resize.ts'
import { type Box, crop, paste, type Raster } from '../images/raster.ts'
import { fitImage } from '../images/resize-modes.ts'
import type { GrayImage, InpaintRequest, PictureRequest, RgbImage } from '../request.ts'
import { maskFit, type WorkingMask } from './working-mask.ts'

/** What is encoded and denoised, and how its result becomes the answer. */
export interface WorkingPicture {
  /** width × height of the request; with resize mode `latent` the picture's own size, cut down to whole latents. */
  image: RgbImage
  /** Of width × height: 255 repaints. Null for img2img. */
  mask: GrayImage | null
  /** Gives a decoded picture of width × height the colours that are asked for, and puts it back into the original. */
  finish: (result: RgbImage) => RgbImage
}

/** @param masked where the request's mask lies; null for img2img */
export function workingPicture(
  request: PictureRequest,
  masked: WorkingMask | null,
  space: LatentSpace,
): WorkingPicture {
  const working = request.inpaint && masked ? inpainted(request, masked, space) : unmasked(request, space)
  if (!request.colorCorrection) return working
  return { ...working, finish: (result) => working.finish(correctColors(result, working.image)) }
}

function unmasked(request: PictureRequest, space: LatentSpace): WorkingPicture {
  return { image: fitted(request, request.image, space), mask: null, finish: (result) => result }
}

function inpainted(request: InpaintRequest, masked: WorkingMask, space: LatentSpace): WorkingPicture {
  return masked.box ? maskedArea(request, masked, masked.box) : wholePicture(request, masked, space)
}

function wholePicture(request: InpaintRequest, { mask }: WorkingMask, space: LatentSpace): WorkingPicture {
  const { image, width, height } = request
  const original = fitImage(image, width, height, maskFit(request))
  const overlay = request.inpaint.composite ? makeOverlay(original, overlayMask(mask)) : null
  const source = request.resizeMode === 'latent' ? fitted(request, image, space) : original
  return {
    image: withContent(request, source, mask),
    mask,
    finish: (result) => (overlay ? applyOverlay(result, overlay, null) : result),
  }
}

/** Works on the box around the mask at the full working size and pastes it back into the picture at its own. */
function maskedArea(request: InpaintRequest, { whole, mask }: WorkingMask, box: Box): WorkingPicture {
  const { image, width, height } = request
  const overlay = request.inpaint.composite ? makeOverlay(image, whole) : null
  const part = fitImage(crop(image, box) as RgbImage, width, height, 'fill')
  return {
    image: withContent(request, part, mask),
    mask,
    finish: (result) => (overlay ? applyOverlay(result, overlay, box) : pasteBox(image, result, box)),
  }
}

function pasteBox(image: RgbImage, result: RgbImage, box: Box): RgbImage {
  const [x1, y1, x2, y2] = box
  const whole: Raster = { ...image, data: image.data.slice() }
  paste(whole, fitImage(result, x2 - x1, y2 - y1, 'crop'), x1, y1)
  return whole
}

/** Every masked content but the original starts from the surroundings' colours. */
function withContent(request: InpaintRequest, image: RgbImage, mask: GrayImage): RgbImage {
  if (request.inpaint.maskedContent === 'original') return image
  const sized = image.width === mask.width && image.height === mask.height
  return fillMasked(image, sized ? mask : pilResize(mask, image.width, image.height, 'bilinear'))
}

function fitted(request: PictureRequest, image: RgbImage, { factor }: LatentSpace): RgbImage {
  if (request.resizeMode !== 'latent') return fitImage(image, request.width, request.height, request.resizeMode)
  const whole = (size: number): number => Math.max(factor, size - (size % factor))
  return pilResize(image, whole(image.width), whole(image.height), 'lanczos')
}
