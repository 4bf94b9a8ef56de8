import { type VerifiedImage, verify } from '@pentimento/images'
import type { Deps } from '../deps.ts'
import { HttpProblem } from '../http/problem.ts'
import { decodeLimits, decodeTurn, imageProblem } from './decoding.ts'
import type { Holder } from './holder.ts'
import { imageOfJob } from './image-of-job.ts'
import type { Intake } from './intake.ts'

/** The three fields that may name a picture: a file, where to fetch it, and an earlier job's result. */
export type PictureFields<Name extends string> = {
  [K in Name]?: Uint8Array | undefined
} & { [K in `${Name}_url` | `${Name}_job`]?: string | undefined }

/** Those of them that are sent. */
export function sentFields<Name extends string>(
  name: Name,
  fields: PictureFields<Name>,
): (keyof PictureFields<Name>)[] {
  return ([name, `${name}_url`, `${name}_job`] as const).filter((field) => fields[field] !== undefined)
}

/**
 * A picture, from whichever of its three fields names it, decoded to the last pixel; null if none does. It is kept as
 * it was sent: the worker decodes it with the same code, and encoding it again would cost more than everything else a
 * submit does.
 *
 * @throws HttpProblem whose pointers name the field
 */
export async function readPicture<Name extends string>(
  deps: Pick<Deps, 'state' | 'store'>,
  intake: Intake,
  holder: Holder,
  name: Name,
  fields: PictureFields<Name>,
): Promise<({ bytes: Uint8Array } & VerifiedImage) | null> {
  const given = sentFields(name, fields).map(String)
  const [field] = given
  if (field === undefined) return null
  if (given.length > 1) {
    const errors = given.map((one) => ({ pointer: `/${one}`, detail: 'only one of these may be sent' }))
    throw new HttpProblem('invalid_fields', `send one of ${given.join(', ')}`, { errors })
  }
  const value = (fields as Record<string, Uint8Array | string | undefined>)[field] ?? ''
  const bytes =
    typeof value !== 'string'
      ? value
      : field.endsWith('_url')
        ? await intake.imageOfUrl(value, holder, field)
        : await imageOfJob(deps, holder, value, field)
  const image = await verify(bytes, decodeLimits, decodeTurn(holder)).catch(imageProblem(field))
  return { bytes, ...image }
}
