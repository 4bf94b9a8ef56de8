import { imageLimits, type JobInput, type JobRequest } from '@pentimento/contracts'
import { decodeMask, decodeRgb, maskFromAlpha } from '@pentimento/images'
import type { GrayImage } from '@pentimento/pipeline'
import { keys, type ObjectStore } from '@pentimento/storage'
import { isExtended } from '@pentimento/vocabulary'
import { type Input, nothingMasked } from './inputs.ts'
import { JobFailure } from './job-failure.ts'
import { retryStorage } from './retry-storage.ts'

/**
 * More than the api allows, since it has accepted the picture and the machine may be busier here; and less than a job
 * may take.
 */
const decodeLimits = { ...imageLimits, maxSeconds: 60 }

/** Fetches and decodes what the job works on. The api has decoded it all before, so a failure here is the storage's. */
export async function fetchInputs(store: ObjectStore, jobId: string, request: JobRequest): Promise<Input[]> {
  const fetched = await Promise.all(
    request.inputs.map(async (input) => ({ input, bytes: await fetchInput(store, jobId, request.tenant, input) })),
  )
  const decoded: Input[] = []
  let alpha: GrayImage | null = null
  for (const { input, bytes } of fetched) {
    const { name, role } = input
    if (role === 'source') {
      const picture = await decodeRgb(bytes, decodeLimits)
      alpha = picture.alpha
      decoded.push({ name, role, image: picture.image })
    }
    if (role === 'reference' || role === 'control')
      decoded.push({ name, role, image: (await decodeRgb(bytes, decodeLimits)).image })
    if (role === 'mask' && request.kind === 'inpaint') {
      decoded.push({ name, role, image: await decodeMask(bytes, request.parameters.mask_mode, decodeLimits) })
    }
  }
  if (request.kind === 'inpaint' && !decoded.some(({ role }) => role === 'mask')) {
    const mask = alpha ? await maskFromAlpha(alpha) : isExtended(request.parameters) ? nothingMasked : null
    if (!mask) throw new JobFailure('mask_required', 'The image is opaque and there is no mask.')
    decoded.push({ name: 'mask', role: 'mask', image: mask })
  }
  return decoded
}

async function fetchInput(store: ObjectStore, jobId: string, tenant: string, input: JobInput): Promise<Uint8Array> {
  const bytes = await retryStorage(() => store.read(keys.inputKey(tenant, jobId, input.key)))
  if (!bytes) throw new JobFailure('input_lost', "The job's input is no longer in the storage.")
  return bytes
}
