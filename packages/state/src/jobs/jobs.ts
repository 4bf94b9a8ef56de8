import type { JobError, JobKind, JobRequest, JobStatus, Progress } from '@pentimento/contracts'
import type { Admission, Refusal } from './admission.ts'
import type { JobLookup, JobRecord, JobResult } from './record.ts'

export interface BeginInput {
  /** A new random id (`newJobId()`). A resumed or replayed request keeps the id of its first try. */
  id: string
  request: JobRequest
  /** `key` as the client sent it; `fingerprint` over kind, fields as sent and file hashes. */
  idempotency?: { key: string; fingerprint: string }
  admission?: Admission
}

export type Begun =
  /** Go on: store the inputs, then `enqueue`. On an error before that, `abandon`. */
  | { outcome: 'created'; id: string }
  /**
   * An earlier request with this key died before the job was queued. Same id and request: store the inputs again, then
   * `enqueue`.
   */
  | { outcome: 'resumed'; id: string }
  /** The job of this key has been accepted before. */
  | { outcome: 'replayed'; job: JobRecord }
  /** Another request with this key is being accepted right now. */
  | { outcome: 'busy'; retryAfterSeconds: number }
  /** The key was used for another request. */
  | { outcome: 'mismatch' }
  | { outcome: 'gone'; gone: 'deleted' | 'expired' }
  | ({ outcome: 'refused' } & Refusal)

type Started =
  /** The attempt's number; its files go under `attempts/{attempt}/`. */
  | { outcome: 'started'; attempt: number; job: JobRecord }
  /** The job has ended (also: it was deleted, it expired, it had used up its attempts): drop the work item. */
  | { outcome: 'final' }
  /** A cancel was asked for before this start, and the job is canceled now: drop the work item. */
  | { outcome: 'canceled' }

export interface Continue {
  /**
   * `null`: go on. `cancel`: stop between steps and `finish` as canceled. `superseded`: the job ended or another
   * attempt runs; stop, write nothing.
   */
  stop: 'cancel' | 'superseded' | null
  /** Somebody watches: publish a preview every so many steps. 0: nobody does. */
  previewEvery: number
}

type CanceledOutcome =
  /** It had not started (again): it is canceled now. */
  | { outcome: 'canceled'; job: JobRecord }
  /** It runs: the worker has been told. */
  | { outcome: 'requested'; job: JobRecord }
  | { outcome: 'already_canceled'; job: JobRecord }
  | { outcome: 'already_final'; job: JobRecord }
  | { outcome: 'gone'; gone: 'deleted' | 'expired' }
  | { outcome: 'missing' }

export interface ListQuery {
  /** 1–100. */
  limit: number
  /** `next_cursor` of the page before. */
  cursor?: string
  status?: JobStatus
  kind?: JobKind
  model?: string
  /** Only jobs that were made of this one's result. */
  source?: string
  /** Only jobs created at or after this time, epoch ms. */
  since?: number
}

/** A job whose objects have to go: all below `tenants/{tenant}/jobs/{id}/` once its record is gone, then `swept`. */
export interface Erasure {
  id: string
  tenant: string
}

/** Where a job stands in its model's queue; nulls for one that does not wait. */
export interface QueueStanding {
  /** Jobs before it (0: next). */
  queuePosition: number | null
  /** Until it is done, as far as measured. */
  etaSeconds: number | null
}

export interface Jobs {
  /**
   * What an earlier request under this key came to, as `begin` would say it; null when there was none or it is not
   * accepted yet. Asked first, a repeat is answered although what it refers to (a picture elsewhere, an earlier job) is
   * gone by now.
   */
  find(
    tenant: string,
    idempotency: { key: string; fingerprint: string },
  ): Promise<Extract<Begun, { outcome: 'replayed' | 'mismatch' | 'gone' }> | null>
  /** Idempotency record, job record and admission in one script. Throws `StateUnavailable`. */
  begin(input: BeginInput): Promise<Begun>
  /**
   * Puts the job into its model's queue and marks it accepted. Safe to repeat.
   * Throws `StateUnavailable` when nothing happened, `EnqueueUnknown` when that cannot be known.
   */
  enqueue(id: string): Promise<JobRecord & { standing: QueueStanding }>
  /**
   * Forgets a job that was begun and not accepted, with its idempotency record. True when nothing of it is left; false
   * when it was accepted meanwhile, by a retry that took it over, say: then it stays, and so must its inputs.
   */
  abandon(id: string): Promise<boolean>

  get(tenant: string, id: string): Promise<JobLookup>
  /** Waits until the job is final, `timeoutMs` have passed or `signal` aborts; answers the record as it is then. */
  wait(tenant: string, id: string, options: { timeoutMs: number; signal?: AbortSignal }): Promise<JobLookup>
  list(tenant: string, query: ListQuery): Promise<{ jobs: JobRecord[]; nextCursor: string | null }>
  standing(job: JobRecord): Promise<QueueStanding>

  /**
   * The engine takes the job: gives the attempt its number. The first start sets `startedAt`.
   *
   * @param options.shares (false) whether others may run beside it: if the worker is lost then, that does not count
   * yet, and the job will run alone
   */
  start(id: string, workerId: string, options?: { shares?: boolean }): Promise<Started>
  /** Records and publishes progress of an attempt, and tells whether to go on. */
  progress(id: string, attempt: number, progress: Progress): Promise<Continue>
  /**
   * The only way to a final status. True for the first caller; false when the job had ended or is gone, or when
   * `failed` comes from an attempt that is no longer the latest: the caller then deletes what it wrote.
   */
  finish(id: string, result: JobResult): Promise<boolean>
  /** Gives the job back without counting a crash (drain). It waits again with a new deadline. */
  release(id: string, attempt: number): Promise<void>
  /**
   * Counts a crash of the attempt. `retry`: the job waits again; `failed`: it was the last of two and the job has
   * failed with `error`; `superseded`: it had ended.
   *
   * @param options.alone (true) false where other jobs were in the engine, too: then it does not count, and the job
   * will run alone
   */
  crashed(
    id: string,
    attempt: number,
    error: JobError,
    options?: { alone?: boolean },
  ): Promise<'retry' | 'failed' | 'superseded'>

  requestCancel(tenant: string, id: string): Promise<CanceledOutcome>
  /**
   * DELETE: cancels if needed, forgets the record, leaves a tombstone. The caller deletes the objects; the sweeper
   * looks for later ones.
   */
  erase(
    tenant: string,
    id: string,
  ): Promise<{ outcome: 'erased' } | { outcome: 'gone'; gone: 'deleted' | 'expired' } | { outcome: 'missing' }>

  readonly sweep: Sweep
}

/**
 * One pass each, safe to run in several processes at once, at most `limit` jobs (default 100); run every few seconds in
 * the background role.
 */
export interface Sweep {
  /** Ends waiting jobs whose deadline has passed as `expired`. Answers their ids. */
  deadlines(limit?: number): Promise<string[]>
  /** Turns final jobs past `expiresAt` into tombstones. Their objects then come up in `erasures`. */
  expired(limit?: number): Promise<string[]>
  /**
   * Jobs that were begun and never queued: accepts those that did reach the queue, forgets the others. Answers the
   * forgotten.
   */
  pending(limit?: number): Promise<string[]>
  /** Objects to delete. Each comes up again after a minute until `swept` is called. */
  erasures(limit?: number): Promise<Erasure[]>
  swept(erasure: Erasure): Promise<void>
  /**
   * Jobs that have ended and need their inputs no more: delete everything below `inputs/`, then `inputsErased`. Each
   * comes up again after a minute until then.
   */
  inputs(limit?: number): Promise<Erasure[]>
  /** A final job's inputs were deleted: they count no more in its tenant's storage. */
  inputsErased(erasure: Erasure): Promise<void>
  /**
   * Everything below the prefix of a job whose record is gone was deleted: it counts no more, and is looked for once
   * again all the same.
   */
  objectsErased(erasure: Erasure): Promise<void>
  /**
   * Accepted jobs whose work item is lost, failed or abandoned by a dead worker: queues them again, or fails those that
   * have used up their attempts.
   */
  lost(limit?: number): Promise<string[]>
}
