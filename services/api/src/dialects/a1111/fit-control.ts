import { pictureSize, scalePicture } from '@pentimento/images'
import { fieldProblem } from '../../http/problem.ts'
import { decodeLimits, decodeTurn, imageProblem } from '../../submit/decoding.ts'
import type { Holder } from '../../submit/holder.ts'
import type { Size } from '../fit-size.ts'
import type { Asked } from '../submit-job.ts'
import type { Unit } from './control-unit.ts'

interface FitContext {
  holder: Holder
  /** What was fitted before. */
  known: Map<string, Uint8Array>
}

/**
 * A unit's picture, of the shape of what the job paints where its own way of fitting is not the one that the job has by
 * itself: stretched to a picture from noise, or as the picture that is painted over.
 *
 * @throws HttpProblem for what is no picture
 */
export async function fitPicture(
  bytes: Uint8Array,
  { fit, name }: Unit,
  job: Asked,
  { holder, known }: FitContext,
): Promise<Uint8Array> {
  const field = `${name} image`
  const size = await pictureSize(bytes, decodeLimits).catch(imageProblem(field))
  const isMasked = job.fields.inpaint_area === 'masked'
  const usual =
    job.kind === 'txt2img' || isMasked || job.fields.resize_mode === 'latent' ? 'stretch' : job.fields.resize_mode
  if (fit === usual) return bytes
  const target = isMasked ? await wholeSize(job, name) : sizeOf(job)
  if (size.width * target.height === size.height * target.width) return bytes
  const key = `${name} ${target.width}x${target.height}`
  const earlier = known.get(key)
  if (earlier) return earlier
  await holder.upload.take(target.width * target.height * 3)
  const options = { size: () => target, fit, quality: null, format: 'png' as const }
  const fitted = await scalePicture(bytes, options, decodeLimits, decodeTurn(holder)).catch(imageProblem(field))
  known.set(key, fitted)
  return fitted
}

function sizeOf({ fields }: Asked): Size {
  return { width: Number(fields.width), height: Number(fields.height) }
}

/** Where only a mask's surroundings are painted, controls lie on the whole picture. */
async function wholeSize({ files }: Asked, unit: string): Promise<Size> {
  const image = files.find(({ name }) => name === 'image')
  if (image) return pictureSize(image.bytes, decodeLimits).catch(imageProblem('image'))
  throw fieldProblem('not_supported', `${unit} resize_mode`, 'send init_images themselves, not where they are')
}
