import { afterDataUrl, base64InPlace, jsonEscapes } from '../http/base64-bytes.ts'
import { longText } from '../http/long-texts.ts'
import type { Upload } from '../http/upload-budget.ts'

const escapes = { ...jsonEscapes, dataUrl: /^data:[^,]*,/i }

/** A picture as clients write it into JSON: where it is to be fetched, or its bytes. */
export type PictureText = { url: string } | { bytes: Uint8Array }

/**
 * Reads a picture out of a text: an http or https URL, a data URL of whatever type it claims, or bare base64 with white
 * space, without padding or of the URL-safe kind. What is none of them comes out as bytes that are no picture.
 *
 * @param upload what its bytes count against
 */
export async function readPictureText(text: string, upload: Upload): Promise<PictureText> {
  const long = longText(text, upload)
  if (long) return { bytes: (await base64InPlace(afterDataUrl(long, escapes), escapes)) ?? long }
  if (/^https?:\/\//i.test(text)) return { url: text }
  const from = /^data:/i.test(text) ? text.indexOf(',') + 1 : 0
  await upload.take(Math.ceil(((text.length - from) * 3) / 4))
  return { bytes: Buffer.from(from === 0 ? text : text.slice(from), 'base64') }
}
