/** Limits of a tenant at the moment of a submit. An absent limit does not apply. */
export interface Admission {
  /** Share of the service relative to other tenants (1). */
  weight?: number
  /** Jobs accepted and not final. */
  maxJobs?: number
  /** Jobs that wait. */
  maxQueued?: number
  /** Megapixel-steps per UTC day. */
  dailyWork?: number
  /** Megabytes (10⁶ bytes) that the tenant's jobs may keep, 0.1 for each record. */
  maxStorage?: number
  /** Waiting jobs in the model's queue, over all tenants. */
  maxQueueDepth?: number
}

export interface Refusal {
  /**
   * `too_many_jobs`, `too_many_queued`, `quota_exceeded` and `storage_quota` are the tenant's (429), `queue_full` is
   * everybody's (503).
   */
  reason: 'too_many_jobs' | 'too_many_queued' | 'quota_exceeded' | 'storage_quota' | 'queue_full'
  retryAfterSeconds: number
}
