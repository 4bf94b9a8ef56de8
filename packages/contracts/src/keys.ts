import { z } from 'zod'
import { safetyPolicy } from './settings/safety.ts'

/** What a key may do: submit and change jobs, read them, manage keys. */
export const keyScopes = ['submit', 'read', 'admin'] as const
export const keyScopeList = z.array(z.enum(keyScopes)).min(1)

export const tenantName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_-]{0,63}$/, 'must be 1 to 64 of a-z, 0-9, "_" and "-", a letter or digit first')

const count = z.int().min(1)

/** Limits that come with a key. One that is absent does not apply; all are counted over the whole tenant. */
export const keyLimits = z.strictObject({
  weight: z.number().min(0.01).max(1000).optional().describe('share of the service relative to other tenants (1)'),
  max_jobs: count.optional().describe('jobs accepted and not ended'),
  max_queued: count.optional().describe('jobs that wait'),
  daily_work: z.number().positive().optional().describe('megapixel-steps per UTC day'),
  max_storage: z.number().positive().optional().describe('megabytes that jobs keep, 0.1 for each record'),
  requests_per_minute: count.optional(),
  allowed_models: z.array(z.string().min(1)).optional(),
  max_pixels: count.optional().describe('width × height of one image'),
  max_steps: count.optional(),
  safety: safetyPolicy
    .optional()
    .describe('whether unsafe results are flagged or blocked, in the place of what the service does (SAFETY_CHECKER)'),
})

/** A key as it is shown: never its token nor the hash of it. */
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

/** What a tenant uses now, in the units of its limits. */
export const usage = z
  .object({
    tenant: z.string(),
    jobs: z.int().describe('accepted and not ended'),
    queued: z.int().describe('jobs that wait'),
    work_today: z.number().describe('megapixel-steps since midnight UTC'),
    storage: z.number().describe('megabytes that its jobs keep'),
  })
  .meta({ id: 'Usage' })
