import { cropRegion } from '../images/crop-region.ts'
import { cvGaussianBlur } from '../images/cv-gaussian-blur.ts'
import { growMask } from '../images/mask.ts'
import { pilResize } from '../images/pil-resize.ts'
import { type Box, crop } from '../images/raster.ts'
import { type FitMode, fitImage } from '../images/resize-modes.ts'
import type { GrayImage, InpaintRequest, PictureSettings } from '../request.ts'

/** Where a mask lies, in the picture and in what is worked on. */
export interface WorkingMask {
  /** At the size of the picture, grown and blurred. */
  whole: GrayImage
  /**
   * The part of the picture that is worked on; null when it is all of it, or when only the masked area is asked for and
   * there is none.
   */
  box: Box | null
  /** What of the mask is worked on, at width × height of the request. */
  mask: GrayImage
}

/** Brings a mask to the picture, grows and blurs it, then fits what is worked on to the working size. */
export function workingMask(request: InpaintRequest): WorkingMask {
  const { image, width, height } = request
  const { mask: given, maskGrow, maskBlur, inpaintArea, maskPadding } = request.inpaint
  const sized = pilResize(given, image.width, image.height, 'bilinear')
  const grown = growMask(sized, maskGrow)
  const whole = maskBlur > 0 ? cvGaussianBlur(grown, maskBlur) : grown
  const box = inpaintArea === 'masked' && maskPadding !== null ? cropRegion(whole, maskPadding, width, height) : null
  const mask = box
    ? fitImage(crop(whole, box) as GrayImage, width, height, 'fill')
    : fitImage(whole, width, height, maskFit(request))
  return { whole, box, mask }
}

/**
 * How mask and original come to the working size. Resize mode `latent` resizes what the picture is encoded to, so they
 * are stretched.
 */
export function maskFit({ resizeMode }: Pick<PictureSettings, 'resizeMode'>): FitMode {
  return resizeMode === 'latent' ? 'stretch' : resizeMode
}
