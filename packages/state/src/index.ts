import type { JobEvents } from './jobs/events.ts'
import type { Jobs } from './jobs/jobs.ts'
import type { Queue } from './queue/queue.ts'
import type { Tenants } from './tenants/tenants.ts'
import type { Webhooks } from './webhooks/webhooks.ts'
import type { Workers } from './workers/workers.ts'

export { EnqueueUnknown, StateUnavailable } from './errors.ts'
export type { JobEvent, JobEvents } from './jobs/events.ts'
export type * from './jobs/jobs.ts'
export type * from './jobs/record.ts'
export type * from './queue/queue.ts'
export type { Admission, Refusal } from './tenants/admission.ts'
export type * from './tenants/tenants.ts'
export type * from './webhooks/webhooks.ts'
export type * from './workers/workers.ts'

export interface StateOptions {
  redisUrl: string
  /** Prefix and hash tag of every key (`pentimento`). */
  namespace?: string
  /** How long a worker that has died keeps its items (10,000 ms). */
  lockMs?: number
  /** How often stalled items are looked for (5,000 ms). */
  stalledMs?: number
  /** 32 bytes, base64: encrypts webhook secrets at rest. Needed by `webhooks` alone. */
  secretsKey?: string
  /** Connection errors and the like, for the log. Never called with anything secret. */
  onError(error: Error): void
}

export interface State {
  jobs: Jobs
  queue: Queue
  events: JobEvents
  workers: Workers
  tenants: Tenants
  webhooks: Webhooks
  /** Answers when Redis does, within 2 s; else throws `StateUnavailable`. */
  ping(): Promise<void>
  /** Closes every connection. Consumers are to be drained or shut down before. */
  close(): Promise<void>
}

/** Connects to Redis. Rejects with `StateUnavailable` within 3 s when that cannot be done. */
export declare function openState(options: StateOptions): Promise<State>

/** The public job object of a record. */
export declare function toJob(
  record: import('./jobs/record.ts').JobRecord,
  options: { publicUrl: string; queuePosition?: number | null; etaSeconds?: number | null },
): import('@pentimento/contracts').Job
