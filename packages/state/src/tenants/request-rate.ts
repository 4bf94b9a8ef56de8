import { type Script, script } from '../redis/script.ts'
import type { Store } from '../redis/store.ts'
import type { Tenants } from './tenants.ts'

/** Counts in a window that begins with its first request, so that every window's end is known. */
const countScript: Script = script(
  'pentimentoCountRequest',
  [],
  `
  local key = ns .. 'rate:' .. ARGV[1]
  local count = redis.call('INCR', key)
  local left = redis.call('PTTL', key)
  if left < 0 then
    left = tonumber(ARGV[2])
    redis.call('PEXPIRE', key, left)
  end
  return {count, left}
`,
)

export function requestRate(store: Store): Pick<Tenants, 'countRequest'> {
  return {
    async countRequest(tenant, windowMs) {
      const [count = 0, resetMs = windowMs] = ((await store.run(countScript, tenant, windowMs)) as unknown[]).map(
        Number,
      )
      return { count, resetMs }
    },
  }
}
