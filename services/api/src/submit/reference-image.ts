import type { Deps } from '../deps.ts'
import type { Holder } from './holder.ts'
import type { InputFile } from './input-file.ts'
import type { Intake } from './intake.ts'
import { type PictureFields, readPicture, sentFields } from './named-picture.ts'

const name = 'reference_image'

export type ReferenceFields = PictureFields<typeof name>

/** Whether a picture is named that the painted ones shall resemble. */
export function namesReference(fields: ReferenceFields): boolean {
  return sentFields(name, fields).length > 0
}

/** That picture; none if none is named. @throws HttpProblem if it cannot be used */
export async function readReference(
  deps: Pick<Deps, 'state' | 'store'>,
  intake: Intake,
  holder: Holder,
  fields: ReferenceFields,
): Promise<InputFile[]> {
  const picture = await readPicture(deps, intake, holder, name, fields)
  return picture ? [{ name, role: 'reference', ...picture }] : []
}
