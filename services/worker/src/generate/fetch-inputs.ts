import { imageLimits, type JobRequest } from '@pentimento/contracts'
import { decodeMask, decodeRgb, maskFromAlpha } from '@pentimento/images'
import { keys, type ObjectStore } from '@pentimento/storage'
import { JobFailure } from './job-failure.ts'
import { retryStorage } from './retry-storage.ts'
import type { Inputs } from './to-generate-request.ts'

/** More than the api allows, since it has accepted the picture and the machine may be busier here; and less than a job may take. */
const decodeLimits = { ...imageLimits, maxSeconds: 60 }

/** Fetches and decodes what the job works on. The api has decoded it all before, so a failure here is the storage's. */
export async function fetchInputs(store: ObjectStore, jobId: string, request: JobRequest): Promise<Inputs> {
  const read = async (name: string) => {
    const bytes = await retryStorage(() => store.read(keys.inputKey(request.tenant, jobId, name)))
    if (!bytes) throw new JobFailure('input_lost', "The job's input is no longer in the storage.")
    return bytes
  }
  const [imageBytes, maskBytes] = await Promise.all([
    read(request.inputs.image),
    request.inputs.mask === null ? null : read(request.inputs.mask),
  ])
  const { image, alpha } = await decodeRgb(imageBytes, decodeLimits)
  if (request.kind === 'img2img') return { image, mask: null }
  if (maskBytes) return { image, mask: await decodeMask(maskBytes, request.parameters.mask_mode, decodeLimits) }
  if (!alpha) throw new JobFailure('mask_required', 'The image is opaque and there is no mask.')
  return { image, mask: await maskFromAlpha(alpha) }
}
