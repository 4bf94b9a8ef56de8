import { decodeRgb, encode, type VerifiedImage, verify } from '@pentimento/images'
import { fieldProblem, HttpProblem } from '../../http/problem.ts'
import { decodeLimits, decodeTurn, imageProblem } from '../../submit/decoding.ts'
import type { Holder } from '../../submit/holder.ts'
import { type PictureText, readPictureText } from '../picture-text.ts'
import type { Sent } from './values.ts'

/** The pictures that a request begins from, at least one. @throws HttpProblem as AUTOMATIC1111 says it */
export async function initImagesOf(sent: Sent, holder: Holder): Promise<PictureText[]> {
  const given = Array.isArray(sent.init_images) ? sent.init_images : [sent.init_images]
  const texts = given.map(pictureText).filter((text) => text !== '')
  if (texts.length === 0) throw fieldProblem('image_required', 'init_images', 'Init image not found')
  return Promise.all(texts.map((text) => readPictureText(text, holder.upload)))
}

/** A mask as native routes read it, white where it repaints; null for none. */
export async function maskOf(sent: Sent, holder: Holder): Promise<Uint8Array | null> {
  const text = pictureText(Array.isArray(sent.mask) ? sent.mask[0] : sent.mask)
  if (text === '') return null
  const mask = await readPictureText(text, holder.upload)
  if ('url' in mask) throw fieldProblem('invalid_image', 'mask', 'Invalid encoded image')
  const { transparent }: VerifiedImage = await verify(mask.bytes, decodeLimits, decodeTurn(holder)).catch(
    imageProblem('mask'),
  )
  return transparent ? opaqueAsWhite(mask.bytes, holder) : mask.bytes
}

/**
 * A mask with transparent pixels repaints where it is opaque, by more than half (`modules/processing.py`,
 * create_binary_mask).
 */
async function opaqueAsWhite(bytes: Uint8Array, holder: Holder): Promise<Uint8Array> {
  const { alpha } = await decodeRgb(bytes, decodeLimits, decodeTurn(holder)).catch(imageProblem('mask'))
  if (alpha === null) return bytes
  await holder.upload.take(alpha.data.length * 3)
  const data = new Uint8Array(alpha.data.length * 3)
  for (let i = 0; i < alpha.data.length; i++) if ((alpha.data[i] ?? 0) > 128) data.fill(255, i * 3, i * 3 + 3)
  return encode({ width: alpha.width, height: alpha.height, data }, { format: 'png', quality: null, metadata: null })
}

function pictureText(value: unknown): string {
  if (value === undefined || value === null) return ''
  if (typeof value !== 'string') throw new HttpProblem('invalid_fields', 'Invalid encoded image')
  return value.trim()
}
