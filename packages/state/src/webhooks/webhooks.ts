import type { WebhookEventName } from '@pentimento/contracts'
import type { JobRecord } from '../jobs/record.ts'

export interface WebhookEvent {
  /** Stable over all attempts: the `webhook-id` header. */
  id: string
  tenant: string
  /** Null for a test event. */
  job: string | null
  type: WebhookEventName | 'test'
  url: string
  /** The exact bytes that are signed and sent, frozen at the event. */
  body: string
  traceparent: string | null
}

/** A delivery that is due, leased to the caller: `settle` it before `leaseMs` have passed, or somebody else tries. */
export interface DueDelivery {
  event: WebhookEvent
  /** From 1; also the lease: a settled attempt counts only while it is the latest. */
  attempt: number
}

export type DeliveryOutcome =
  | { outcome: 'delivered'; status: number; response: string; durationMs: number }
  /** `retryAfterMs` from the answer's Retry-After. `gone` (410): nothing more is sent for this job. */
  | {
      outcome: 'failed'
      status: number | null
      response: string
      durationMs: number
      error: string
      retryAfterMs?: number
      gone?: boolean
    }

export interface DeliveryAttempt {
  at: number
  attempt: number
  status: number | null
  durationMs: number
  /** The first 1,024 bytes of the answer. */
  response: string
  error: string | null
}

export interface DeliveryRecord {
  id: string
  type: WebhookEvent['type']
  url: string
  state: 'pending' | 'delivered' | 'failed' | 'stopped'
  createdAt: number
  nextAttemptAt: number | null
  /** The latest first. */
  attempts: DeliveryAttempt[]
}

export interface Webhooks {
  /**
   * Creates or replaces the tenant's secret (`whsec_…`), told once. The one before signs too until `overlapMs` (default
   * 24 h) have passed, whatever is rotated meanwhile. Throws `TooManySecrets` when four would sign beside the new one.
   */
  rotateSecret(tenant: string, overlapMs?: number): Promise<string>
  hasSecret(tenant: string): Promise<boolean>
  /** Secrets to sign with, the newest first. */
  secrets(tenant: string): Promise<string[]>

  /** Queues an event; the same id twice is one event. */
  enqueue(event: WebhookEvent): Promise<void>
  /**
   * Deliveries that are due, by turns of the tenants: so many that at most `perHost` are under way for one host (one of
   * a tenant that has none there comes on top, up to twice as many) and `perTenant` for one tenant, whatever its hosts.
   */
  claim(options: { limit: number; perHost: number; perTenant: number; leaseMs: number }): Promise<DueDelivery[]>
  settle(delivery: DueDelivery, outcome: DeliveryOutcome): Promise<DeliveryRecord['state']>
  log(job: string): Promise<DeliveryRecord[]>
  /** What became of a test event of the tenant; null for one that is not known, or not any more. */
  testEvent(tenant: string, id: string): Promise<DeliveryRecord | null>
  /** Sends an event again now. Null when it is not known any more. */
  replay(job: string, delivery: string): Promise<DeliveryRecord | null>
  /**
   * Jobs that have ended and whose final event has not been queued: `enqueue` it, then `announced`. Comes up again
   * after 30 s until then; the record of an ended job does not change, so the body is that of the event however late it
   * is made. Give the event an id made from job and type.
   */
  unannounced(limit: number): Promise<JobRecord[]>
  announced(job: string): Promise<void>
}
