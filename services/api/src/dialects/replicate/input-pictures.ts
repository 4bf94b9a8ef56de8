import { pictureSize } from '@pentimento/images'
import { keys } from '@pentimento/storage'
import { controlNames } from '@pentimento/vocabulary'
import { fieldProblem } from '../../http/problem.ts'
import { decodeLimits, imageProblem } from '../../submit/decoding.ts'
import type { Holder } from '../../submit/holder.ts'
import { imageOfJob } from '../../submit/image-of-job.ts'
import { readPictureText } from '../picture-text.ts'
import type { DialectDeps } from '../run-jobs.ts'
import type { Input, InputPictures } from './read-input.ts'

/**
 * The pictures of an input: data URLs, addresses elsewhere, files that were put down here, and outputs of earlier
 * predictions.
 *
 * @throws HttpProblem
 */
export async function inputPictures(deps: DialectDeps, input: Input, holder: Holder): Promise<InputPictures> {
  const image = await pictureOf(deps, input, ['image', 'init_image'], holder)
  const mask = await pictureOf(deps, input, ['mask', 'mask_image'], holder)
  const size = image && (await pictureSize(image, decodeLimits).catch(imageProblem('image')))
  const controls: NonNullable<InputPictures['controls']> = []
  for (const control of controlNames) {
    const name = `${control}_image`
    const bytes = await pictureOf(deps, input, [name], holder)
    if (bytes) controls.push({ name, bytes })
  }
  return { image, mask, controls, size }
}

async function pictureOf(deps: DialectDeps, input: Input, names: string[], holder: Holder): Promise<Uint8Array | null> {
  const name = names.find((one) => input[one] !== undefined && input[one] !== null && input[one] !== '')
  if (name === undefined) return null
  const value = input[name]
  if (typeof value !== 'string') throw fieldProblem('invalid_fields', name, 'must be a URL or a data URL')
  const picture = await readPictureText(value, holder.upload)
  if ('bytes' in picture) return picture.bytes
  return (await ownPicture(deps, picture.url, name, holder)) ?? deps.intake.imageOfUrl(picture.url, holder, name)
}

/** What is ours is read from the storage: over the network the guarded client would refuse it. */
async function ownPicture(deps: DialectDeps, url: string, name: string, holder: Holder): Promise<Uint8Array | null> {
  if (!url.startsWith(`${deps.publicUrl}/`)) return null
  const path = url.slice(deps.publicUrl.length).split('?')[0] ?? ''
  const [, file] = /^\/replicate\/v1\/files\/([a-z0-9]+)(?:\/download)?$/.exec(path) ?? []
  if (file !== undefined) {
    const record = await deps.state.files.get(holder.tenant, file)
    if (record) await holder.upload.take(record.bytes)
    const bytes = record && (await deps.store.read(keys.fileKey(holder.tenant, record.id, record.format)))
    if (!bytes) throw fieldProblem('source_unavailable', name, 'there is no such file of yours')
    return bytes
  }
  const [, job, index] = /^(?:\/replicate\/v1\/predictions\/(?:.+)\/output|\/v1\/jobs\/(?:.+)\/images)\/\d+$/.test(path)
    ? (/(job_[a-z2-7]{26})\/\w+\/(\d)$/.exec(path) ?? [])
    : []
  return job === undefined ? null : imageOfJob(deps, holder, `${job}/${index}`, name)
}
