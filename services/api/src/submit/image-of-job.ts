import { imageJobPattern, type JobSource } from '@pentimento/contracts'
import { keys } from '@pentimento/storage'
import type { Deps } from '../deps.ts'
import { fieldProblem } from '../http/problem.ts'
import { formatOf } from '../image-type.ts'
import type { Holder } from './holder.ts'

/** What `image_job` names. */
export function jobSourceOf(reference: string): JobSource {
  const [, job = '', index = '0'] = imageJobPattern.exec(reference) ?? []
  return { job, index: Number(index) }
}

/**
 * The bytes of an earlier job's result. One answer for every job that cannot be used, so that other tenants' jobs do
 * not show.
 *
 * @param field that names it
 */
export async function imageOfJob(
  deps: Pick<Deps, 'state' | 'store'>,
  { tenant, upload }: Holder,
  reference: string,
  field: string,
): Promise<Uint8Array> {
  const { job: id, index } = jobSourceOf(reference)
  const job = await deps.state.jobs.get(tenant, id)
  const result = job !== null && 'result' in job && job.status === 'succeeded' ? job.result : null
  const image = result?.images[index]
  if (image) await upload.take(image.bytes)
  const bytes =
    result && image
      ? await deps.store.read(keys.resultKey(tenant, id, result.attempt, image.index, formatOf(image.content_type)))
      : null
  if (bytes === null) {
    throw fieldProblem('source_unavailable', field, 'there is no such image of a succeeded, unexpired job of yours')
  }
  return bytes
}
