import { script } from '../redis/script.ts'
import type { Store } from '../redis/store.ts'
import type { Tenants } from './tenants.ts'

/** Counts in a window that begins with its first request, so that every window's end is known. */
const countScript = script<{ tenant: string; windowMs: number }, { count: number; resetMs: number }>(
  'pentimentoCountRequest',
  [],
  `
  local key = ns .. 'rate:' .. input.tenant
  local count = redis.call('INCR', key)
  local left = redis.call('PTTL', key)
  if left < 0 then
    left = input.windowMs
    redis.call('PEXPIRE', key, left)
  end
  return { count = count, resetMs = left }
`,
)

export function requestRate(store: Store): Pick<Tenants, 'countRequest'> {
  return {
    countRequest: (tenant, windowMs) => store.run(countScript, { tenant, windowMs }),
  }
}
