import { limits } from '@pentimento/contracts'
import { ImageError, type VerifiedImage, verify } from '@pentimento/images'
import type { Deps } from '../deps.ts'
import type { UploadedFile } from '../http/multipart.ts'
import { fieldProblem, HttpProblem } from '../http/problem.ts'
import type { Holder } from './holder.ts'
import { imageOfJob } from './image-of-job.ts'
import type { Intake } from './intake.ts'

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
export async function readSourceImage(
  deps: Deps,
  intake: Intake,
  holder: Holder,
  fields: SourceFields,
): Promise<SourceImage> {
  const given = (['image', 'image_url', 'image_job'] as const).filter((name) => fields[name] !== undefined)
  const [field] = given
  if (field === undefined) {
    throw fieldProblem('image_required', 'image', 'send a file as image, or image_url, or image_job')
  }
  if (given.length > 1) {
    const errors = given.map((name) => ({ pointer: `/${name}`, detail: 'only one of these may be sent' }))
    throw new HttpProblem('invalid_fields', `send one of ${given.join(', ')}`, { errors })
  }
  const bytes = await {
    image: async () => fields.image?.bytes ?? new Uint8Array(),
    image_url: () => intake.imageOfUrl(fields.image_url ?? '', holder),
    image_job: () => imageOfJob(deps, holder, fields.image_job ?? ''),
  }[field]()
  const image = await intake
    .decode(holder, () => verify(bytes, { maxPixels: limits.imagePixels }))
    .catch(imageProblem(field))
  return { bytes, ...image }
}

/** Turns what is wrong with a picture into an answer that points at the field it came in. */
export function imageProblem(field: string): (error: unknown) => never {
  return (error) => {
    throw error instanceof ImageError ? fieldProblem('invalid_image', field, error.message) : error
  }
}
