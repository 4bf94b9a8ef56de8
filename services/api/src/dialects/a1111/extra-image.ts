import { limits } from '@pentimento/contracts'
import { scalePicture } from '@pentimento/images'
import { fieldProblem } from '../../http/problem.ts'
import { decodeLimits, decodeTurn, imageProblem } from '../../submit/decoding.ts'
import type { Holder } from '../../submit/holder.ts'
import type { Size } from '../fit-size.ts'
import { readPictureText } from '../picture-text.ts'
import { flagOf, integerOf, numberOf, type Sent, textOf } from './values.ts'

const known = ['none', 'lanczos']

/** `extra-single-image`: a picture made larger or smaller by a filter; there is no model for it. @throws HttpProblem */
export async function extraImage(sent: Sent, holder: Holder) {
  for (const name of ['upscaler_1', 'upscaler_2']) {
    const upscaler = textOf(sent, name, 'None')
    if (!known.includes(upscaler.toLowerCase()))
      throw fieldProblem('not_supported', name, `Upscaler '${upscaler.slice(0, 100)}' not found`)
  }
  for (const name of ['gfpgan_visibility', 'codeformer_visibility'])
    if (numberOf(sent, name, 0, { min: 0, max: 1 }) > 0)
      throw fieldProblem('not_supported', name, 'there is no face restoration')
  const text = typeof sent.image === 'string' ? sent.image.trim() : ''
  const picture = text === '' ? null : await readPictureText(text, holder.upload)
  if (picture === null || 'url' in picture) throw fieldProblem('invalid_image', 'image', 'Invalid encoded image')
  const asked =
    integerOf(sent, 'resize_mode', 0, { min: 0, max: 1 }) === 1
      ? {
          size: () => checked(side(sent, 'upscaling_resize_w'), side(sent, 'upscaling_resize_h')),
          fit: flagOf(sent, 'upscaling_crop', true) ? ('crop' as const) : ('stretch' as const),
        }
      : { size: scaledBy(numberOf(sent, 'upscaling_resize', 2, { min: 0.1, max: 8 })) }
  const options = { ...asked, quality: null, format: 'png' as const }
  const bytes = await scalePicture(picture.bytes, options, decodeLimits, decodeTurn(holder)).catch(
    imageProblem('image'),
  )
  return { html_info: '', image: bytes.toString('base64') }
}

function scaledBy(factor: number) {
  return ({ width, height }: Size) =>
    checked(Math.max(1, Math.round(width * factor)), Math.max(1, Math.round(height * factor)))
}

function checked(width: number, height: number): Size {
  if (Math.max(width, height) <= limits.imageSide && width * height <= limits.imagePixels) return { width, height }
  throw fieldProblem('too_much_work', 'upscaling_resize', `${width} × ${height} pixels are too many`)
}

function side(sent: Sent, name: string): number {
  return integerOf(sent, name, 512, { min: 1, max: limits.imageSide })
}
