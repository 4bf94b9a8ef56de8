import { keyLimits, keyScopeList } from '@pentimento/contracts'
import type { ApiKey, TenantLimits } from '@pentimento/state'
import { z } from 'zod'

export const key = z
  .object({
    id: z.string().describe('the public part of the key, safe in logs'),
    tenant: z.string(),
    scopes: keyScopeList,
    limits: keyLimits,
    created_at: z.string(),
    expires_at: z.string().nullable(),
    revoked_at: z.string().nullable(),
    last_used_at: z.string().nullable(),
  })
  .meta({ id: 'Key' })

/** The limits of a request body as the state keeps them; what is absent does not apply. */
export function fromWire(limits: z.infer<typeof keyLimits>): TenantLimits {
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
  })
}

/** A key as the admin routes show it: never its token nor the hash of it. */
export function keyView({ limits, ...apiKey }: ApiKey): z.infer<typeof key> {
  const iso = (time: number | null) => (time === null ? null : new Date(time).toISOString())
  return {
    id: apiKey.id,
    tenant: apiKey.tenant,
    scopes: apiKey.scopes,
    limits: present({
      weight: limits.weight,
      max_jobs: limits.maxJobs,
      max_queued: limits.maxQueued,
      daily_work: limits.dailyWork,
      max_storage: limits.maxStorage,
      requests_per_minute: limits.requestsPerMinute,
      allowed_models: limits.allowedModels,
      max_pixels: limits.maxPixels,
      max_steps: limits.maxSteps,
    }),
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
