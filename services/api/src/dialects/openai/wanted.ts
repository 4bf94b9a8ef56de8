import { inspect } from '@pentimento/images'
import type { Caller } from '../../http/auth.ts'
import { fieldProblem } from '../../http/problem.ts'
import { decodeLimits, imageProblem } from '../../submit/decoding.ts'
import type { Holder } from '../../submit/holder.ts'
import { readPictureText } from '../picture-text.ts'
import type { DialectDeps } from '../run-jobs.ts'
import { findModel, readsHoles } from './model-name.ts'
import { parseFields } from './request.ts'
import type { Sent, SentPicture } from './sent.ts'
import type { Wanted } from './to-jobs.ts'

/** What `/v1/images/generations` was sent. @throws HttpProblem */
export async function wantedGeneration(deps: DialectDeps, caller: Caller, sent: Sent): Promise<Wanted> {
  const fields = parseFields(sent.fields)
  if (fields.prompt === '') throw fieldProblem('invalid_fields', 'prompt', 'is required')
  return { fields, model: await findModel(deps, caller, fields.model), image: null, mask: null }
}

/** What `/v1/images/edits` was sent. @throws HttpProblem */
export async function wantedEdit(deps: DialectDeps, caller: Caller, sent: Sent, holder: Holder): Promise<Wanted> {
  const fields = parseFields(sent.fields)
  const [first] = sent.images
  if (first === undefined) throw fieldProblem('image_required', 'image', 'is required: send the picture as a file')
  if (sent.images.length > 1)
    throw fieldProblem(
      'not_supported',
      'image',
      `must be one image, not ${sent.images.length}: they are not combined here`,
    )
  const model = await findModel(deps, caller, fields.model)
  const bytes = await bytesOf(deps, first, holder)
  const { width, height, hasAlpha } = await inspect(bytes, decodeLimits).catch(imageProblem('image'))
  const holes = hasAlpha && readsHoles(fields.model) ? 'holes' : null
  const mask = sent.mask === null ? holes : await bytesOf(deps, sent.mask, holder)
  return { fields, model, image: { bytes, width, height }, mask }
}

/** What `/v1/images/variations` was sent. @throws HttpProblem */
export function wantedVariation(deps: DialectDeps, caller: Caller, sent: Sent, holder: Holder): Promise<Wanted> {
  const fields = { strength: 0.6, ...sent.fields, prompt: '' }
  return wantedEdit(deps, caller, { ...sent, fields, mask: null }, holder)
}

async function bytesOf({ intake }: DialectDeps, picture: SentPicture, holder: Holder): Promise<Uint8Array> {
  if (picture instanceof Uint8Array) return picture
  const read = await readPictureText(picture, holder.upload)
  return 'bytes' in read ? read.bytes : intake.imageOfUrl(read.url, holder, 'image_url')
}
