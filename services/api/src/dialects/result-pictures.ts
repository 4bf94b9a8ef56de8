import { scalePicture } from '@pentimento/images'
import type { JobRecord } from '@pentimento/state'
import { keys } from '@pentimento/storage'
import { HttpProblem } from '../http/problem.ts'
import { formatOf } from '../image-type.ts'
import { decodeLimits, decodeTurn } from '../submit/decoding.ts'
import type { Holder } from '../submit/holder.ts'
import { parseSize } from './fit-size.ts'
import type { DialectDeps } from './run-jobs.ts'

/** A result as another API's client gets it. */
export interface ResultPicture {
  bytes: Uint8Array
  contentType: string
  width: number
  height: number
  seed: number
  variationSeed: number | null
}

/** The pictures of a succeeded job, each of the size that was asked for. @throws HttpProblem for a job that has none */
export async function resultPictures(
  deps: Pick<DialectDeps, 'store'>,
  job: JobRecord,
  holder: Holder,
): Promise<ResultPicture[]> {
  const pictures: ResultPicture[] = []
  for (const index of (job.result?.images ?? []).keys()) pictures.push(await resultPicture(deps, job, index, holder))
  return pictures
}

/** One of them. */
export async function resultPicture(
  { store }: Pick<DialectDeps, 'store'>,
  job: JobRecord,
  index: number,
  holder: Holder,
): Promise<ResultPicture> {
  const { result, tenant, id } = job
  const image = result?.images[index]
  if (!result || !image) throw new HttpProblem('not_found', `the job ${job.status} without such a picture`)
  await holder.upload.take(image.bytes)
  const key = keys.resultKey(tenant, id, result.attempt, image.index, formatOf(image.content_type))
  const bytes = await store.read(key)
  if (bytes === null) throw new HttpProblem('not_found', 'the picture is no longer there')
  const { seed, variation_seed: variationSeed, content_type: contentType, width, height } = image
  const picture = { bytes, contentType, width, height, seed, variationSeed }
  const size = parseSize(job.request.metadata.result_size)
  if (size === null || (size.width === width && size.height === height)) return picture
  const quality = job.request.parameters.output_quality
  await holder.upload.take(size.width * size.height * 3)
  return {
    ...picture,
    ...size,
    bytes: await scalePicture(bytes, { size: () => size, quality }, decodeLimits, decodeTurn(holder)),
  }
}
