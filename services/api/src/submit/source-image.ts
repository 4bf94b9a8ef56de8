import { type VerifiedImage, verify } from '@pentimento/images'
import type { Deps } from '../deps.ts'
import type { UploadedFile } from '../http/multipart.ts'
import { fieldProblem, HttpProblem } from '../http/problem.ts'
import { decodeLimits, decodeTurn, imageProblem, type Sender } from './decoding.ts'
import { imageOfJob } from './image-of-job.ts'
import { imageOfUrl } from './image-of-url.ts'

/** An input that has been decoded to the last pixel. */
export interface SourceImage extends VerifiedImage {
  bytes: Uint8Array
}

export interface SourceFields {
  image?: UploadedFile | undefined
  image_url?: string | undefined
  image_job?: string | undefined
}

/**
 * The picture that a job starts from, from whichever of the three fields names it. It is kept as it was sent: the worker decodes it with the same code, and
 * encoding it again would cost more than everything else a submit does.
 */
export async function readSourceImage(deps: Deps, sender: Sender, fields: SourceFields): Promise<SourceImage> {
  const given = (['image', 'image_url', 'image_job'] as const).filter((name) => fields[name] !== undefined)
  if (given.length === 0) {
    throw fieldProblem('image_required', 'image', 'send a file as image, or image_url, or image_job')
  }
  if (given.length > 1) {
    const errors = given.map((name) => ({ pointer: `/${name}`, detail: 'only one of these may be sent' }))
    throw new HttpProblem('invalid_fields', `send one of ${given.join(', ')}`, { errors })
  }
  if (fields.image !== undefined) return verifyPicture('image', fields.image.bytes, sender)
  if (fields.image_job !== undefined) {
    return verifyPicture('image_job', await imageOfJob(deps, sender.tenant, fields.image_job), sender)
  }
  return verifyPicture('image_url', await imageOfUrl(deps, fields.image_url ?? ''), sender)
}

async function verifyPicture(field: string, bytes: Uint8Array, sender: Sender): Promise<SourceImage> {
  const image = await verify(bytes, decodeLimits, decodeTurn(sender)).catch(imageProblem(field))
  return { bytes, ...image }
}
