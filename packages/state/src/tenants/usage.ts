import { jobScript } from '../lua/job.ts'
import type { Script } from '../redis/script.ts'
import type { Store } from '../redis/store.ts'
import type { Usage } from './tenants.ts'

/** ARGV: tenant. Answers jobs, waiting jobs, megapixel-steps of today and bytes kept. One call in place of four commands: every submit asks. */
const usageScript: Script = jobScript(
  'pentimentoUsage',
  ['no-writes'],
  `
local tenant = ARGV[1]
return {
  redis.call('SCARD', ns .. 'open:' .. tenant),
  redis.call('SCARD', ns .. 'queued:' .. tenant),
  redis.call('GET', usageKey(tenant, now())) or '0',
  redis.call('GET', ns .. 'stored:' .. tenant) or '0',
}
`,
)

/** What the tenant uses now. */
export async function usageOf(store: Store, tenant: string): Promise<Usage> {
  const [jobs, queued, work, stored] = (await store.run(usageScript, tenant)) as [number, number, string, string]
  return { jobs, queued, workToday: Number(work), storage: Number(stored) / 1e6 }
}
