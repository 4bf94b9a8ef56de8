import { createHash } from 'node:crypto'
import { type JobRequest, requestVersion } from '@pentimento/contracts'
import { EnqueueUnknown, StateUnavailable } from '../errors.ts'
import type { Refusal } from '../tenants/admission.ts'
import type { JobContext } from './context.ts'
import { jobCost, resultBytes } from './cost.ts'
import type { BeginInput, Begun, Jobs } from './jobs.ts'
import { parseRecord } from './parse-record.ts'
import { secondsUntilNext, throughput } from './standing.ts'
import { secondsUntilStorage } from './storage.ts'
import { abandonScript, acceptScript, beginScript, findScript, tagScript } from './submit-scripts.ts'

/** How long a submit may take from `begin` to `enqueue` before a retry takes over. */
const leaseMs = 30_000
const idempotencyMs = 24 * 3600 * 1000
/** What a refusal names while no job of the model has ended. */
const unknownSeconds = 5
/** With the result and the indexes a job then stays below 24 kB. */
const requestBytes = 20_000

export function submitJobs(context: JobContext): Pick<Jobs, 'find' | 'begin' | 'enqueue' | 'abandon'> {
  const { store, queues, room } = context

  async function refuse(reason: Refusal['reason'], request: JobRequest, quotaMs: number): Promise<Begun> {
    if (reason === 'queue_full') room.forget(request.model)
    const seconds = {
      too_many_jobs: () => secondsUntilNext(store, request.tenant, 'end'),
      too_many_queued: () => secondsUntilNext(store, request.tenant, 'start'),
      quota_exceeded: async () => quotaMs / 1000,
      storage_quota: () => secondsUntilStorage(store, request.tenant),
      queue_full: async () => (await throughput(store, request.model))?.secondsPerJob ?? null,
    }[reason]
    return {
      outcome: 'refused',
      reason,
      retryAfterSeconds: Math.max(1, Math.ceil((await seconds()) ?? unknownSeconds)),
    }
  }

  return {
    async find(tenant, { key, fingerprint }) {
      const [outcome, detail] = (await store.run(findScript, tenant, hashOf(key), fingerprint)) as [string?, unknown?]
      if (outcome === 'replayed') return { outcome, job: parseRecord(detail as unknown[]) }
      if (outcome === 'gone') return { outcome, gone: detail as 'deleted' | 'expired' }
      return outcome === 'mismatch' ? { outcome } : null
    },

    async begin(input) {
      const [outcome, detail, more] = (await store.run(
        beginScript,
        ...beginArguments(input, queues.keyPrefix(input.request.model)),
      )) as [Begun['outcome'], unknown, unknown]
      switch (outcome) {
        case 'created':
        case 'resumed':
          return { outcome, id: String(detail) }
        case 'replayed':
          return { outcome, job: parseRecord(detail as unknown[]) }
        case 'busy':
          return { outcome, retryAfterSeconds: Math.ceil(Number(detail) / 1000) }
        case 'mismatch':
          return { outcome }
        case 'gone':
          return { outcome, gone: detail as 'deleted' | 'expired' }
        case 'refused':
          return refuse(detail as Refusal['reason'], input.request, Number(more))
      }
    },

    async enqueue(id) {
      const [tenant, model, priority] = (await store.run(tagScript, id)) as [string?, string?, number?]
      if (tenant === undefined || model === undefined) throw dropped(id)
      if (priority !== undefined) {
        await queues.add({ version: requestVersion, id, tenant, model }, Number(priority))
      }
      const record = (await store.run(acceptScript, id).catch(mayRun)) as unknown[]
      if (record.length === 0) throw dropped(id)
      return parseRecord(record)
    },

    async abandon(id) {
      return (await store.run(abandonScript, id)) === 1
    },
  }
}

function dropped(id: string): StateUnavailable {
  return new StateUnavailable(`job ${id} took too long to be queued and was dropped`)
}

/** The work item is in the queue: whatever becomes of this call, the job may run. */
function mayRun(cause: unknown): never {
  throw cause instanceof StateUnavailable ? new EnqueueUnknown({ cause }) : cause
}

function beginArguments({ id, request, idempotency, admission = {} }: BeginInput, queue: string): (string | number)[] {
  const json = JSON.stringify(request)
  if (Buffer.byteLength(json) > requestBytes) throw new RangeError(`the request takes more than ${requestBytes} bytes`)
  const none = -1
  return [
    id,
    request.tenant,
    request.kind,
    request.model,
    queue,
    json,
    jobCost(request),
    request.deadline,
    request.expires_in,
    request.webhook?.events.join(',') ?? '',
    idempotency === undefined ? '' : hashOf(idempotency.key),
    idempotency?.fingerprint ?? '',
    leaseMs,
    idempotencyMs,
    admission.weight ?? 1,
    admission.maxJobs ?? none,
    admission.maxQueued ?? none,
    admission.dailyWork ?? none,
    admission.maxQueueDepth ?? none,
    request.inputs.reduce((sum, { bytes }) => sum + bytes, 0),
    resultBytes(request),
    admission.maxStorage === undefined ? none : admission.maxStorage * 1e6,
  ]
}

function hashOf(key: string): string {
  return createHash('sha256').update(key).digest('base64url')
}
