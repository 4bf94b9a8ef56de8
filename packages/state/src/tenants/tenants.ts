import type { SafetyPolicy } from '@pentimento/contracts'
import type { Admission } from '../jobs/admission.ts'
import type { Signing } from '../signing/signing.ts'

export type Scope = 'submit' | 'read' | 'admin'

export interface TenantLimits extends Omit<Admission, 'maxQueueDepth'> {
  requestsPerMinute?: number
  allowedModels?: string[]
  /** Of width × height of one image. */
  maxPixels?: number
  maxSteps?: number
  /** What is done with results in the place of what the deployment does. */
  safety?: SafetyPolicy
}

export interface ApiKey {
  /** Public part, safe in logs. */
  id: string
  tenant: string
  scopes: Scope[]
  limits: TenantLimits
  createdAt: number
  expiresAt: number | null
  revokedAt: number | null
  /** When another key took its place. */
  rotatedAt: number | null
  lastUsedAt: number | null
}

export interface NewKey {
  tenant: string
  scopes: Scope[]
  limits?: TenantLimits
  expiresAt?: number
}

export interface Usage {
  jobs: number
  queued: number
  /** Megapixel-steps since midnight UTC. */
  workToday: number
  /** Megabytes that its jobs keep. */
  storage: number
}

export interface Tenants extends Signing<ApiKey> {
  /** `token` (`pmt_…`) is told once; only its hash is kept. */
  createKey(input: NewKey): Promise<{ key: ApiKey; token: string }>
  /** The key of a token that is known, not revoked and not expired. Answers may be 5 s old. */
  verify(token: string): Promise<ApiKey | null>
  listKeys(tenant?: string): Promise<ApiKey[]>
  /** False when there is no such key. Takes effect everywhere within 10 s. */
  revokeKey(id: string): Promise<boolean>
  /**
   * A new token for the same tenant, scopes, limits and expiry; the old key ends after `overlapMs` (default 24 h). Null
   * for a key that is unknown, revoked, expired or rotated before: its successor is the one to rotate.
   */
  rotateKey(id: string, overlapMs?: number): Promise<{ key: ApiKey; token: string } | null>
  /** What the tenant uses now, for a refusal before a body is read. */
  usage(tenant: string): Promise<Usage>
  /**
   * Seconds until one of the tenant's jobs ends, or one that waits starts, as measured; null while nothing is known.
   */
  secondsUntilNext(tenant: string, what: 'end' | 'start'): Promise<number | null>
  /** Seconds until one of the tenant's old jobs expires, or one that runs ends; null while nothing is known. */
  secondsUntilStorage(tenant: string): Promise<number | null>
  /** Counts a request in the tenant's current window, which ends `resetMs` from now. */
  countRequest(tenant: string, windowMs: number): Promise<{ count: number; resetMs: number }>
}
