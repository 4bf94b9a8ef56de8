import type { InpaintParameters } from '@pentimento/contracts'
import { decodeMask, isFilled, sniffFormat } from '@pentimento/images'
import { isExtended } from '@pentimento/vocabulary'
import { fieldProblem } from '../http/problem.ts'
import { decodeLimits, decodeTurn, imageProblem } from './decoding.ts'
import type { Holder } from './holder.ts'
import type { InputFile } from './input-file.ts'
import type { SourceImage } from './source-image.ts'

/**
 * The mask file of an inpaint job, or null when the picture's own transparency is the mask, or only what the canvas
 * grows by.
 *
 * @throws HttpProblem `empty_mask` when nothing would be repainted, `mask_required` when there is no mask of either
 * kind
 */
export async function readMask(
  bytes: Uint8Array | undefined,
  parameters: InpaintParameters,
  image: SourceImage,
  holder: Holder,
): Promise<InputFile | null> {
  const { mask_mode: mode } = parameters
  const extended = isExtended(parameters)
  if (bytes === undefined) {
    if (image.transparent || extended) return null
    const detail = 'the image is opaque: send a mask, an image with transparent pixels, or what to extend it by'
    throw fieldProblem('mask_required', 'mask', detail)
  }
  const mask = await decodeMask(bytes, mode, decodeLimits, decodeTurn(holder)).catch(imageProblem('mask'))
  if (!extended && isFilled(mask.data, 0)) {
    const missing = mode === 'alpha' ? 'transparent' : mode
    throw fieldProblem(
      'empty_mask',
      'mask',
      `the mask has no ${missing} pixel, so that mask_mode=${mode} would repaint nothing`,
    )
  }
  const { width, height } = mask
  return { name: 'mask', role: 'mask', bytes, format: sniffFormat(bytes) ?? 'png', width, height }
}
