import type {
  FinalStatus,
  JobError,
  JobImage,
  JobKind,
  JobMetrics,
  JobRequest,
  JobStatus,
  JobWarning,
  Progress,
} from '@pentimento/contracts'

/**
 * An image as the record keeps it: its place in storage follows from job, attempt and index; its URLs from PUBLIC_URL.
 */
export type StoredImage = Omit<JobImage, 'url' | 'signed_url' | 'flagged'> & Partial<Pick<JobImage, 'flagged'>>

/** How a job ended. Written once, by `finish`. */
export interface JobResult {
  status: FinalStatus
  /** The attempt whose files under `attempts/{attempt}/` are the result; 0 when no attempt ended the job. */
  attempt: number
  images: StoredImage[]
  error: JobError | null
  warnings: JobWarning[]
  metrics: JobMetrics | null
}

/** The truth about a job, read from its hash. Times are epoch milliseconds by the clock of Redis. */
export interface JobRecord {
  id: string
  tenant: string
  kind: JobKind
  model: string
  status: JobStatus
  /** False until the job is in the queue: a client has not been told of it yet. */
  accepted: boolean
  request: JobRequest
  /** Megapixel-steps, as fairness and quotas count them. */
  cost: number
  createdAt: number
  /** While the job waits: when it expires unless it has started by then. */
  deadlineAt: number
  startedAt: number | null
  finishedAt: number | null
  expiresAt: number | null
  cancelRequestedAt: number | null
  /** Number of the latest attempt, from 1; 0 before the first. */
  attempt: number
  /** Attempts that ended in a crash of the engine or in the loss of the worker. */
  crashes: number
  /** It was in an engine that ended while others were in it, too: it runs with nobody beside it from then on. */
  alone: boolean
  /** The share that its tenant has beside others. */
  weight: number
  progress: Progress | null
  result: JobResult | null
}

/** A job that a tenant can no longer see, told for a while: `deleted` 24 h, `expired` 7 days. */
interface GoneJob {
  gone: 'deleted' | 'expired'
}

/** `null`: there is no such job, or it is another tenant's. */
export type JobLookup = JobRecord | GoneJob | null
