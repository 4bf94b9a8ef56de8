import { controlsOf, type JobRequest } from '@pentimento/contracts'
import { type ControlName, controlNames } from '@pentimento/vocabulary'
import type { Deps } from '../deps.ts'
import { fieldProblem } from '../http/problem.ts'
import type { Holder } from './holder.ts'
import type { InputFile } from './input-file.ts'
import type { Intake } from './intake.ts'
import { type PictureFields, readPicture, sentFields } from './named-picture.ts'

export type ControlFields = PictureFields<`${ControlName}_image`>

/**
 * The pictures that a job is held to, one for each of its controls. Without one of its own a control takes the picture
 * that is painted over.
 *
 * @param paintsOver whether there is such a picture
 * @throws HttpProblem `image_required` where there is none of either kind; `invalid_fields` for one without a control
 */
export async function readControlImages(
  deps: Pick<Deps, 'state' | 'store'>,
  intake: Intake,
  holder: Holder,
  fields: ControlFields,
  { parameters, paintsOver }: { parameters: JobRequest['parameters']; paintsOver: boolean },
): Promise<InputFile[]> {
  const controls = controlsOf(parameters)
  for (const field of controlNames) {
    const [given] = sentFields(`${field}_image`, fields)
    const isUsed = controls.some((control) => control.field === field)
    if (given !== undefined && !isUsed)
      throw fieldProblem('invalid_fields', given, `needs ${field}_model, which says what is to look at it`)
    if (given === undefined && isUsed && !paintsOver)
      throw fieldProblem('image_required', `${field}_image`, `send a file as ${field}_image, or its _url, or its _job`)
  }
  const images: InputFile[] = []
  for (const { field } of controls) {
    const name = `${field}_image` as const
    const picture = await readPicture(deps, intake, holder, name, fields)
    if (picture) images.push({ name, role: 'control', ...picture })
  }
  return images
}
