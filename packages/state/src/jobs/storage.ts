import { jobScript } from '../lua/job.ts'
import { storageLua } from '../lua/storage.ts'
import { type List, listOf, script } from '../redis/script.ts'
import type { Store } from '../redis/store.ts'
import type { Erasure } from './jobs.ts'
import { secondsUntilNext } from './standing.ts'

/** Jobs of a tenant, the oldest, that tell when the next of them goes. */
const sample = 200

/** Answers ms until the first of some of the tenant's jobs expires, null when none of them has ended. */
const nextExpiryScript = jobScript<{ tenant: string; sample: number }, number | null>(
  'pentimentoNextExpiry',
  ['no-writes'],
  `
local first
for _, id in ipairs(redis.call('ZRANGE', ns .. 'jobs:' .. input.tenant, 0, input.sample - 1)) do
  local expires = tonumber(read(id, 'expires')[1] or '')
  if expires and (not first or expires < first) then first = expires end
end
return first and math.max(0, first - now())
`,
)

/** Each comes up again after a while. */
const inputsScript = jobScript<{ limit: number; againMs: number }, List<Erasure>>(
  'pentimentoInputs',
  ['allow-oom'],
  `
local t, found = now(), {}
for _, id in ipairs(redis.call('ZRANGE', ns .. 'inputs', '-inf', t, 'BYSCORE', 'LIMIT', 0, input.limit)) do
  redis.call('ZADD', ns .. 'inputs', t + input.againMs, id)
  found[#found + 1] = { id = id, tenant = read(id, 'tenant')[1] }
end
return found
`,
)

/** Safe to repeat: a share is given back once. */
const inputsErasedScript = jobScript<Erasure, null>(
  'pentimentoInputsErased',
  ['allow-oom'],
  `
local id = input.id
local r = read(id, 'bytes', 'input_bytes')
redis.call('ZREM', ns .. 'inputs', id)
if not r[1] or not r[2] then return end
setShare(key(id), input.tenant, tonumber(r[1]) - tonumber(r[2]))
redis.call('HDEL', key(id), 'input_bytes')
`,
)

/** Safe to repeat. */
const erasedScript = script<Erasure, null>(
  'pentimentoErased',
  ['allow-oom'],
  storageLua,
  `
local bytes = redis.call('HGET', ns .. 'leaving', input.id)
if not bytes then return end
addStored(input.tenant, -bytes)
redis.call('HDEL', ns .. 'leaving', input.id)
`,
)

/**
 * Seconds until some of the tenant's storage should be free: an old job expires, or one that runs needs its inputs no
 * more. Null while neither is known.
 */
export async function secondsUntilStorage(store: Store, tenant: string): Promise<number | null> {
  const [expiryMs, ends] = await Promise.all([
    store.run(nextExpiryScript, { tenant, sample }),
    secondsUntilNext(store, tenant, 'end'),
  ])
  const known = [expiryMs === null ? null : expiryMs / 1000, ends].filter((seconds) => seconds !== null)
  return known.length === 0 ? null : Math.min(...known)
}

/** Ended jobs whose inputs are to be deleted; each comes up again after `againMs` until `inputsErased`. */
export async function dueInputs(store: Store, limit: number, againMs: number): Promise<Erasure[]> {
  return listOf(await store.run(inputsScript, { limit, againMs }))
}

export async function inputsErased(store: Store, { id, tenant }: Erasure): Promise<void> {
  await store.run(inputsErasedScript, { id, tenant })
}

export async function objectsErased(store: Store, { id, tenant }: Erasure): Promise<void> {
  await store.run(erasedScript, { id, tenant })
}
