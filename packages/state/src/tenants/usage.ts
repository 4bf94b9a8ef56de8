import type { usage } from '@pentimento/contracts'
import type { z } from 'zod'
import { jobScript } from '../lua/job.ts'
import type { Store } from '../redis/store.ts'
import type { Usage } from './tenants.ts'

/**
 * Megapixel-steps of today with all their digits, and bytes kept. One call in place of four commands: every submit
 * asks.
 */
const usageScript = jobScript<{ tenant: string }, { jobs: number; queued: number; work: string; stored: string }>(
  'pentimentoUsage',
  ['no-writes'],
  `
local tenant = input.tenant
return {
  jobs = redis.call('SCARD', ns .. 'open:' .. tenant),
  queued = redis.call('SCARD', ns .. 'queued:' .. tenant),
  work = redis.call('GET', usageKey(tenant, now())) or '0',
  stored = redis.call('GET', ns .. 'stored:' .. tenant) or '0',
}
`,
)

/** What the tenant uses now. */
export async function usageOf(store: Store, tenant: string): Promise<Usage> {
  const { jobs, queued, work, stored } = await store.run(usageScript, { tenant })
  return { jobs, queued, workToday: Number(work), storage: Number(stored) / 1e6 }
}

/** The public object of it. */
export function toUsage(tenant: string, { jobs, queued, workToday, storage }: Usage): z.infer<typeof usage> {
  return { tenant, jobs, queued, work_today: workToday, storage }
}
