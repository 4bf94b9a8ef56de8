import { fieldProblem, HttpProblem } from '../../http/problem.ts'
import type { Sent } from './sent.ts'

/**
 * A body of JSON: pictures as `images: [{image_url}]` and `mask: {image_url}`, or as `image`, a text or an object or a
 * list of them.
 *
 * @throws HttpProblem
 */
export function sentOfJson(body: unknown): Sent {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new HttpProblem('invalid_request', 'the body must be a JSON object, or a form')
  }
  const { image, images, mask, ...fields } = body as Record<string, unknown>
  return {
    fields: Object.assign(Object.create(null), fields),
    images: [image, images].flat().flatMap((one) => pictureOf('image', one)),
    mask: [mask].flat().flatMap((one) => pictureOf('mask', one))[0] ?? null,
  }
}

function pictureOf(field: string, value: unknown): string[] {
  if (value === undefined || value === null || value === '') return []
  if (typeof value === 'string') return [value]
  if (typeof value === 'object') {
    const { image_url, url, b64_json, file_id } = value as Record<string, unknown>
    if (file_id !== undefined) throw fieldProblem('not_supported', field, 'there are no file ids here: send image_url')
    const inner = image_url ?? url ?? b64_json
    if (inner !== undefined) return pictureOf(field, inner)
  }
  throw fieldProblem('invalid_fields', field, 'must be {"image_url": …}, with an address, a data URL or base64')
}
