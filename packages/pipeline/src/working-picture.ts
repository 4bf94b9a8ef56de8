import { PipelineError } from './errors.ts'
import { cropRegion } from './images/crop-region.ts'
import { cvGaussianBlur } from './images/cv-gaussian-blur.ts'
import { growMask } from './images/mask.ts'
import { fillMasked } from './images/masked-fill.ts'
import { applyOverlay, makeOverlay, overlayMask } from './images/overlay.ts'
import { pilResize } from './images/pil-resize.ts'
import { type Box, crop, paste, type Raster } from './images/raster.ts'
import { fitImage } from './images/resize-modes.ts'
import type { GenerateRequest, GrayImage, RgbImage } from './request.ts'

/** What is encoded and denoised, and how its result becomes the answer. */
export interface WorkingPicture {
  /** width × height of the request; with resize mode `latent` the picture's own size, cut down to multiples of 8. */
  image: RgbImage
  /** Of width × height: 255 repaints. Null for img2img. */
  mask: GrayImage | null
  /** Puts a decoded picture of width × height back into the original. */
  finish: (result: RgbImage) => RgbImage
}

/** @throws PipelineError `empty_mask` if only the masked area is to be worked on and there is none. */
export function workingPicture(request: GenerateRequest): WorkingPicture {
  const { image, width, height } = request
  if (request.kind === 'img2img' || !request.mask) {
    return { image: fitted(request, image), mask: null, finish: (result) => result }
  }
  const mask = preparedMask(request.mask, request)
  return request.inpaintArea === 'masked'
    ? maskedArea(request, image, mask, width, height)
    : wholePicture(request, mask, width, height)
}

/** At the picture's size, then grown, then blurred. */
function preparedMask(mask: GrayImage, request: GenerateRequest): GrayImage {
  const { image, maskGrow, maskBlur } = request
  const sized = pilResize(mask, image.width, image.height, 'bilinear')
  const grown = growMask(sized, maskGrow)
  return maskBlur > 0 ? cvGaussianBlur(grown, maskBlur) : grown
}

function wholePicture(request: GenerateRequest, mask: GrayImage, width: number, height: number): WorkingPicture {
  const fitMode = request.resizeMode === 'latent' ? 'stretch' : request.resizeMode
  const sizedMask = fitImage(mask, width, height, fitMode)
  const original = fitImage(request.image, width, height, fitMode)
  const overlay = request.composite ? makeOverlay(original, overlayMask(sizedMask)) : null
  const source = request.resizeMode === 'latent' ? fitted(request, request.image) : original
  return {
    image: withContent(request, source, sizedMask),
    mask: sizedMask,
    finish: (result) => (overlay ? applyOverlay(result, overlay, null) : result),
  }
}

/** Works on the box around the mask at the full working size and pastes it back into the picture at its own. */
function maskedArea(
  request: GenerateRequest,
  image: RgbImage,
  mask: GrayImage,
  width: number,
  height: number,
): WorkingPicture {
  const box = cropRegion(mask, request.maskPadding, width, height)
  if (!box) throw new PipelineError('empty_mask', 'The mask repaints nothing. Paint what should change white.')
  const overlay = request.composite ? makeOverlay(image, mask) : null
  const partMask = fitImage(crop(mask, box) as GrayImage, width, height, 'fill')
  const part = fitImage(crop(image, box) as RgbImage, width, height, 'fill')
  return {
    image: withContent(request, part, partMask),
    mask: partMask,
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
function withContent(request: GenerateRequest, image: RgbImage, mask: GrayImage): RgbImage {
  if (request.maskedContent === 'original') return image
  const sized = image.width === mask.width && image.height === mask.height
  return fillMasked(image, sized ? mask : pilResize(mask, image.width, image.height, 'bilinear'))
}

function fitted(request: GenerateRequest, image: RgbImage): RgbImage {
  if (request.resizeMode !== 'latent') return fitImage(image, request.width, request.height, request.resizeMode)
  const floor8 = (size: number): number => Math.max(8, size - (size % 8))
  return pilResize(image, floor8(image.width), floor8(image.height), 'lanczos')
}
