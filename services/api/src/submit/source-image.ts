import type { VerifiedImage } from '@pentimento/images'
import type { Deps } from '../deps.ts'
import { fieldProblem } from '../http/problem.ts'
import type { Holder } from './holder.ts'
import type { InputFile } from './input-file.ts'
import type { Intake } from './intake.ts'
import { type PictureFields, readPicture } from './named-picture.ts'

/** The picture that a job starts from. */
export type SourceImage = InputFile & VerifiedImage

export type SourceFields = PictureFields<'image'>

/** The picture that a job starts from. @throws HttpProblem without one, or if it cannot be used */
export async function readSourceImage(
  deps: Pick<Deps, 'state' | 'store'>,
  intake: Intake,
  holder: Holder,
  fields: SourceFields,
): Promise<SourceImage> {
  const picture = await readPicture(deps, intake, holder, 'image', fields)
  if (picture) return { name: 'image', role: 'source', ...picture }
  throw fieldProblem('image_required', 'image', 'send a file as image, or image_url, or image_job')
}
