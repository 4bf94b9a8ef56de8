import type { key, keyLimits } from '@pentimento/contracts'
import type { z } from 'zod'
import type { ApiKey, TenantLimits } from './tenants.ts'

/** Limits in the words of the wire as they are kept; what is absent does not apply. */
export function toLimits(limits: z.infer<typeof keyLimits>): TenantLimits {
  return present({
    weight: limits.weight,
    maxJobs: limits.max_jobs,
    maxQueued: limits.max_queued,
    dailyWork: limits.daily_work,
    maxStorage: limits.max_storage,
    requestsPerMinute: limits.requests_per_minute,
    allowedModels: limits.allowed_models,
    maxPixels: limits.max_pixels,
    maxSteps: limits.max_steps,
    safety: limits.safety,
  })
}

/** And back. */
export function fromLimits(limits: TenantLimits): z.infer<typeof keyLimits> {
  return present({
    weight: limits.weight,
    max_jobs: limits.maxJobs,
    max_queued: limits.maxQueued,
    daily_work: limits.dailyWork,
    max_storage: limits.maxStorage,
    requests_per_minute: limits.requestsPerMinute,
    allowed_models: limits.allowedModels,
    max_pixels: limits.maxPixels,
    max_steps: limits.maxSteps,
    safety: limits.safety,
  })
}

/** The public object of a key. */
export function toKey({ limits, ...apiKey }: ApiKey): z.infer<typeof key> {
  const iso = (time: number | null) => (time === null ? null : new Date(time).toISOString())
  return {
    id: apiKey.id,
    tenant: apiKey.tenant,
    scopes: apiKey.scopes,
    limits: fromLimits(limits),
    created_at: new Date(apiKey.createdAt).toISOString(),
    expires_at: iso(apiKey.expiresAt),
    revoked_at: iso(apiKey.revokedAt),
    last_used_at: iso(apiKey.lastUsedAt),
  }
}

/** Without the members that are undefined. */
function present<T extends object>(value: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as never
}
