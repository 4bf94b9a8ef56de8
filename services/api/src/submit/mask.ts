import { limits } from '@pentimento/contracts'
import { decodeMask, type MaskMode, sniffFormat } from '@pentimento/images'
import type { UploadedFile } from '../http/multipart.ts'
import { fieldProblem } from '../http/problem.ts'
import type { InputFile } from './accept.ts'
import type { Holder } from './holder.ts'
import type { Intake } from './intake.ts'
import { imageProblem, type SourceImage } from './source-image.ts'

/**
 * The mask file of an inpaint job, or null when the picture's own transparency is the mask.
 *
 * @throws HttpProblem `empty_mask` when nothing would be repainted, `mask_required` when there is no mask of either kind
 */
export async function readMask(
  intake: Intake,
  holder: Holder,
  file: UploadedFile | undefined,
  mode: MaskMode,
  image: SourceImage,
): Promise<InputFile | null> {
  if (file === undefined) {
    if (image.transparent) return null
    throw fieldProblem('mask_required', 'mask', 'the image is opaque: send a mask, or an image with transparent pixels')
  }
  const decode = () => decodeMask(file.bytes, mode, { maxPixels: limits.imagePixels })
  const mask = await intake.decode(holder, decode).catch(imageProblem('mask'))
  if (mask.data.every((value) => value === 0)) {
    const missing = mode === 'alpha' ? 'transparent' : mode
    throw fieldProblem(
      'empty_mask',
      'mask',
      `the mask has no ${missing} pixel, so that mask_mode=${mode} would repaint nothing`,
    )
  }
  return { bytes: file.bytes, format: sniffFormat(file.bytes) ?? 'png' }
}
