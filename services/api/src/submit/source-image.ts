import { type VerifiedImage, verify } from '@pentimento/images'
import type { Deps } from '../deps.ts'
import { fieldProblem, HttpProblem } from '../http/problem.ts'
import { decodeLimits, decodeTurn, imageProblem } from './decoding.ts'
import type { Holder } from './holder.ts'
import { imageOfJob } from './image-of-job.ts'
import type { InputFile } from './input-file.ts'
import type { Intake } from './intake.ts'

/** The picture that a job starts from. */
export type SourceImage = InputFile & VerifiedImage

export interface SourceFields {
  image?: Uint8Array | undefined
  image_url?: string | undefined
  image_job?: string | undefined
}

/**
 * The picture that a job starts from, from whichever of the three fields names it. It is kept as it was sent: the
 * worker decodes it with the same code, and encoding it again would cost more than everything else a submit does.
 */
export async function readSourceImage(
  deps: Pick<Deps, 'state' | 'store'>,
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
    image: async () => fields.image ?? new Uint8Array(),
    image_url: () => intake.imageOfUrl(fields.image_url ?? '', holder),
    image_job: () => imageOfJob(deps, holder, fields.image_job ?? ''),
  }[field]()
  const image = await verify(bytes, decodeLimits, decodeTurn(holder)).catch(imageProblem(field))
  return { name: 'image', role: 'source', bytes, ...image }
}
