import { createHash } from 'node:crypto'
import { type JobRequest, requestVersion } from '@pentimento/contracts'
import { EnqueueUnknown, StateUnavailable } from '../errors.ts'
import type { RecordFields } from '../lua/job.ts'
import type { Refusal } from './admission.ts'
import type { JobContext } from './context.ts'
import { jobCost, resultBytes } from './cost.ts'
import type { BeginInput, Begun, Jobs } from './jobs.ts'
import { parseRecord } from './parse-record.ts'
import { queueStanding, secondsUntilNext } from './standing.ts'
import { secondsUntilStorage } from './storage.ts'
import {
  abandonScript,
  acceptScript,
  type BeginScriptInput,
  beginScript,
  findScript,
  tagScript,
} from './submit-scripts.ts'
import { secondsPerJob } from './throughput.ts'

/** How long a submit may take from `begin` to `enqueue` before a retry takes over. */
const leaseMs = 30_000
const idempotencyMs = 24 * 3600 * 1000
/** What a refusal names while no job of the model has ended. */
const unknownSeconds = 5
/** With the result and the indexes a job then stays below 24 kB. */
const requestBytes = 20_000

export function submitJobs(context: JobContext): Pick<Jobs, 'find' | 'begin' | 'enqueue' | 'abandon'> {
  const { store, queues, capacity } = context

  async function refuse(reason: Refusal['reason'], request: JobRequest, afterMs = 0): Promise<Begun> {
    if (reason === 'queue_full') capacity.forget(request.model)
    const seconds = {
      too_many_jobs: () => secondsUntilNext(store, request.tenant, 'end'),
      too_many_queued: () => secondsUntilNext(store, request.tenant, 'start'),
      quota_exceeded: async () => afterMs / 1000,
      storage_quota: () => secondsUntilStorage(store, request.tenant),
      queue_full: () => secondsPerJob(store, request.model),
    }[reason]
    return {
      outcome: 'refused',
      reason,
      retryAfterSeconds: Math.max(1, Math.ceil((await seconds()) ?? unknownSeconds)),
    }
  }

  /** Whoever was told that it is not known learns more now, and so the same must be sure. */
  async function replayed(fields: RecordFields): Promise<Extract<Begun, { outcome: 'replayed' }>> {
    const job = parseRecord(fields)
    await store.confirm(acceptScript, { id: job.id }).catch(mayRun)
    return { outcome: 'replayed', job }
  }

  return {
    async find(tenant, { key, fingerprint }) {
      const known = await store.run(findScript, { tenant, idempotency: { hash: hashOf(key), fingerprint } })
      if (known.outcome === 'pending' || known.outcome === 'unknown') return null
      return known.outcome === 'replayed' ? replayed(known.job) : known
    },

    async begin(input) {
      const begun = await store.run(beginScript, scriptInput(input, queues.keyPrefix(input.request.model)))
      switch (begun.outcome) {
        case 'replayed':
          return replayed(begun.job)
        case 'busy':
          return { outcome: 'busy', retryAfterSeconds: Math.ceil(begun.leftMs / 1000) }
        case 'refused':
          return refuse(begun.reason, input.request, begun.afterMs)
        default:
          return begun
      }
    },

    async enqueue(id) {
      const tagged = await store.run(tagScript, { id })
      if (tagged === null) throw dropped(id)
      const { tenant, model, priority } = tagged
      if (priority !== undefined) await queues.add({ version: requestVersion, id, tenant, model }, priority)
      const accepted = await store.runReplicated(acceptScript, { id }).catch(mayRun)
      if (accepted === null) throw dropped(id)
      return { ...parseRecord(accepted.job), standing: queueStanding(accepted.standing) }
    },

    abandon: (id) => store.run(abandonScript, { id }),
  }
}

function dropped(id: string): StateUnavailable {
  return new StateUnavailable(`job ${id} took too long to be queued and was dropped`)
}

/** The work item is in the queue: whatever becomes of this call, the job may run. */
function mayRun(cause: unknown): never {
  throw cause instanceof StateUnavailable ? new EnqueueUnknown({ cause }) : cause
}

function scriptInput({ id, request, idempotency, admission = {} }: BeginInput, queue: string): BeginScriptInput {
  const json = JSON.stringify(request)
  if (Buffer.byteLength(json) > requestBytes) throw new RangeError(`the request takes more than ${requestBytes} bytes`)
  const { weight = 1, maxStorage, ...limits } = admission
  return {
    id,
    tenant: request.tenant,
    kind: request.kind,
    model: request.model,
    queue,
    source: request.source?.job ?? '',
    request: json,
    cost: String(jobCost(request)),
    weight: String(weight),
    deadline: request.deadline,
    expiresIn: request.expires_in,
    webhook: request.webhook?.events.join(',') ?? '',
    idempotency: idempotency && { hash: hashOf(idempotency.key), fingerprint: idempotency.fingerprint },
    leaseMs,
    idempotencyMs,
    inputBytes: request.inputs.reduce((sum, { bytes }) => sum + bytes, 0),
    resultBytes: resultBytes(request),
    limits: { ...limits, maxStorage: maxStorage === undefined ? undefined : maxStorage * 1e6 },
  }
}

function hashOf(key: string): string {
  return createHash('sha256').update(key).digest('base64url')
}
