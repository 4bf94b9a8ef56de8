import { type JobRequest, newJobId } from '@pentimento/contracts'
import { contentTypes } from '@pentimento/images'
import { type Begun, EnqueueUnknown, type JobRecord, type QueueStanding } from '@pentimento/state'
import { keys } from '@pentimento/storage'
import type { Deps } from '../deps.ts'
import type { Caller } from '../http/auth.ts'
import { HttpProblem } from '../http/problem.ts'
import { eraseObjects } from '../jobs.ts'
import type { Via } from '../metrics.ts'
import type { Idempotency } from './idempotency.ts'
import { type InputFile, toJobInput } from './input-file.ts'
import { limitProblem } from './limit-problem.ts'

export type AcceptDeps = Pick<
  Deps,
  'state' | 'store' | 'log' | 'metrics' | 'tracing' | 'tenantStorage' | 'maxQueueDepth'
>

interface Submission {
  caller: Caller
  request: JobRequest
  /** What `request.inputs` speaks of. */
  files: readonly InputFile[]
  idempotency: Idempotency | null
  via: Via
}

export interface Accepted {
  job: JobRecord
  /** As the job was accepted just now; null for one that was before. */
  standing: QueueStanding | null
  /** An earlier request with the same Idempotency-Key was accepted. */
  replayed: boolean
}

/**
 * Makes a job durable: the record first, then its inputs, then the queue. A crash or a failure in between leaves either
 * nothing that runs or a job that a retry with the same Idempotency-Key finds again.
 */
export async function acceptJob(deps: AcceptDeps, submission: Submission): Promise<Accepted> {
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

async function accept(deps: AcceptDeps, submission: Submission): Promise<Accepted> {
  const { caller, request, files } = submission
  const begun = await deps.state.jobs.begin({
    id: newJobId(),
    request,
    ...(submission.idempotency && { idempotency: submission.idempotency }),
    admission: { maxStorage: deps.tenantStorage, ...caller.limits, maxQueueDepth: deps.maxQueueDepth },
  })
  const started = openOrThrow(begun)
  if ('job' in started) return { job: started.job, standing: null, replayed: true }
  const { id } = started
  try {
    const writes = files.map((file) => put(deps, caller.tenant, id, file))
    // All have ended before one failure is acted on: another would land after its job was taken back, and stay for
    // ever.
    await Promise.allSettled(writes)
    await Promise.all(writes)
    const { standing, ...job } = await deps.state.jobs.enqueue(id)
    deps.metrics.submitted.inc({ kind: job.kind, model: job.model, via: submission.via })
    return { job, standing, replayed: false }
  } catch (error) {
    // After an unknown outcome the job may run, and its record must stay. In every other case nothing of it may.
    if (!(error instanceof EnqueueUnknown)) await forget(deps, caller.tenant, id)
    throw error
  }
}

/**
 * The job that an earlier request with the same Idempotency-Key was accepted with; null when this one is to be looked
 * at.
 */
export async function earlierJob(
  deps: AcceptDeps,
  tenant: string,
  idempotency: Idempotency | null,
): Promise<Accepted | null> {
  const found = idempotency && (await deps.state.jobs.find(tenant, idempotency))
  const opened = found && openOrThrow(found)
  return opened && 'job' in opened ? { job: opened.job, standing: null, replayed: true } : null
}

/** The job to go on with, or the one that was accepted before. */
function openOrThrow(begun: Begun): { id: string } | { job: JobRecord } {
  switch (begun.outcome) {
    case 'created':
    case 'resumed':
      return { id: begun.id }
    case 'replayed':
      return { job: begun.job }
    case 'busy':
      throw new HttpProblem('idempotency_in_progress', 'try again shortly', {
        retryAfterSeconds: begun.retryAfterSeconds,
      })
    case 'mismatch':
      throw new HttpProblem('idempotency_mismatch', 'use a new Idempotency-Key for a new request')
    case 'gone':
      throw new HttpProblem(begun.gone, 'the job of this Idempotency-Key is gone; use a new key to run it again')
    case 'refused':
      throw limitProblem(begun)
  }
}

async function put({ store }: AcceptDeps, tenant: string, id: string, file: InputFile): Promise<void> {
  const { key } = toJobInput(file)
  await store.put(keys.inputKey(tenant, id, key), file.bytes, { contentType: contentTypes[file.format] })
}

/**
 * Takes a begun job back. Its inputs go only when the job is known to be gone: a retry may have taken it over while
 * this request was held up, and then they are the retry's. The client does not wait for that; what cannot be deleted
 * now, or lands later, the sweeper finds.
 */
async function forget(deps: AcceptDeps, tenant: string, id: string): Promise<void> {
  const leave = (err: unknown) => deps.log.warn({ err, job: id }, 'a refused job is left to the sweeper')
  try {
    if (await deps.state.jobs.abandon(id)) eraseObjects(deps, tenant, id).catch(leave)
  } catch (error) {
    leave(error)
  }
}
