import { type JobRequest, newJobId } from '@pentimento/contracts'
import { contentTypes, type ImageFormat } from '@pentimento/images'
import { type Begun, EnqueueUnknown, type JobRecord } from '@pentimento/state'
import { keys } from '@pentimento/storage'
import type { Deps } from '../deps.ts'
import type { Caller } from '../http/auth.ts'
import { HttpProblem } from '../http/problem.ts'
import { eraseObjects } from '../jobs.ts'
import { storageProblem } from './refuse-early.ts'

export interface InputFile {
  bytes: Uint8Array
  format: ImageFormat
  /** In pixels. */
  width: number
  height: number
}

interface Submission {
  caller: Caller
  /** All but what follows from the inputs. */
  request: Omit<JobRequest, 'inputs' | 'input_size'>
  image: InputFile
  mask: InputFile | null
  idempotency: { key: string; fingerprint: string } | null
}

export interface Accepted {
  job: JobRecord
  /** An earlier request with the same Idempotency-Key was accepted. */
  replayed: boolean
}

/**
 * Makes a job durable: the record first, then its inputs, then the queue. A crash or a failure in between leaves either nothing that runs or a job that a
 * retry with the same Idempotency-Key finds again.
 */
export async function acceptJob(deps: Deps, submission: Submission): Promise<Accepted> {
  const span = deps.tracing.start('submit', { parent: submission.request.traceparent, kind: 'producer' })
  try {
    const request = { ...submission.request, traceparent: span.traceparent }
    const accepted = await accept(deps, { ...submission, request })
    span.set({ 'job.id': accepted.job.id, 'job.replayed': accepted.replayed })
    span.end()
    return accepted
  } catch (error) {
    span.end({ error: error instanceof HttpProblem ? error.code : 'failed' })
    throw error
  }
}

async function accept(deps: Deps, submission: Submission): Promise<Accepted> {
  const { caller, image, mask } = submission
  const inputs = { image: `image.${image.format}`, mask: mask && `mask.${mask.format}` }
  const begun = await deps.state.jobs.begin({
    id: newJobId(),
    request: { ...submission.request, inputs, input_size: inputSize(image, mask) } as JobRequest,
    ...(submission.idempotency && { idempotency: submission.idempotency }),
    admission: { maxStorage: deps.tenantStorage, ...caller.limits, maxQueueDepth: deps.maxQueueDepth },
  })
  const started = openOrThrow(begun)
  if (started.replayed) return started
  const { id } = started.job
  try {
    const writes = [
      put(deps, caller.tenant, id, inputs.image, image),
      mask && inputs.mask && put(deps, caller.tenant, id, inputs.mask, mask),
    ]
    // Both have ended before one failure is acted on: the other would land after its job was taken back, and stay for ever.
    await Promise.allSettled(writes)
    await Promise.all(writes)
    const job = await deps.state.jobs.enqueue(id)
    deps.metrics.submitted.inc({ kind: job.kind, model: job.model })
    return { job, replayed: false }
  } catch (error) {
    // After an unknown outcome the job may run, and its record must stay. In every other case nothing of it may.
    if (!(error instanceof EnqueueUnknown)) await forget(deps, caller.tenant, id)
    throw error
  }
}

/** The job that an earlier request with the same Idempotency-Key was accepted with; null when this one is to be looked at. */
export async function earlierJob(
  deps: Deps,
  tenant: string,
  idempotency: Submission['idempotency'],
): Promise<Accepted | null> {
  const found = idempotency && (await deps.state.jobs.find(tenant, idempotency))
  return found && openOrThrow(found)
}

function openOrThrow(begun: Begun): Accepted {
  switch (begun.outcome) {
    case 'created':
    case 'resumed':
      return { job: begun.job, replayed: false }
    case 'replayed':
      return { job: begun.job, replayed: true }
    case 'busy':
      throw new HttpProblem('idempotency_in_progress', 'try again shortly', {
        retryAfterSeconds: begun.retryAfterSeconds,
      })
    case 'mismatch':
      throw new HttpProblem('idempotency_mismatch', 'use a new Idempotency-Key for a new request')
    case 'gone':
      throw new HttpProblem(begun.gone, 'the job of this Idempotency-Key is gone; use a new key to run it again')
    case 'refused': {
      const { retryAfterSeconds } = begun
      if (begun.reason === 'queue_full') throw new HttpProblem('queue_full', 'try again later', { retryAfterSeconds })
      if (begun.reason === 'storage_quota') throw storageProblem(retryAfterSeconds)
      if (begun.reason === 'quota_exceeded') {
        throw new HttpProblem('quota_exceeded', "today's megapixel-steps are used up", { retryAfterSeconds })
      }
      const which = begun.reason === 'too_many_queued' ? 'wait' : 'are under way'
      throw new HttpProblem('too_many_jobs', `as many of your jobs ${which} as your key allows`, { retryAfterSeconds })
    }
  }
}

async function put(deps: Deps, tenant: string, id: string, name: string, file: InputFile): Promise<void> {
  await deps.store.put(keys.inputKey(tenant, id, name), file.bytes, { contentType: contentTypes[file.format] })
}

/** What the inputs are as files and pictures. */
export function inputSize(image: InputFile, mask: InputFile | null): NonNullable<JobRequest['input_size']> {
  return {
    bytes: image.bytes.length + (mask?.bytes.length ?? 0),
    image_pixels: image.width * image.height,
    mask_pixels: mask ? mask.width * mask.height : 0,
  }
}

/**
 * Takes a begun job back. Its inputs go only when the job is known to be gone: a retry may have taken it over while this request was held up, and then
 * they are the retry's. The client does not wait for that; what cannot be deleted now, or lands later, the sweeper finds.
 */
async function forget(deps: Deps, tenant: string, id: string): Promise<void> {
  const leave = (err: unknown) => deps.log.warn({ err, job: id }, 'a refused job is left to the sweeper')
  try {
    if (await deps.state.jobs.abandon(id)) eraseObjects(deps, tenant, id).catch(leave)
  } catch (error) {
    leave(error)
  }
}
