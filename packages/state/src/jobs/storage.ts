import { jobScript } from '../lua/job.ts'
import { storageLua } from '../lua/storage.ts'
import { type Script, script } from '../redis/script.ts'
import type { Store } from '../redis/store.ts'
import type { Erasure } from './jobs.ts'
import { secondsUntilNext } from './standing.ts'

/** Jobs of a tenant, the oldest, that tell when the next of them goes. */
const sample = 200

/** ARGV: tenant, how many of its jobs to look at. Answers ms until the first of them expires, -1 when none of them has ended. */
const nextExpiryScript: Script = jobScript(
  'pentimentoNextExpiry',
  ['no-writes'],
  `
local first
for _, id in ipairs(redis.call('ZRANGE', ns .. 'jobs:' .. ARGV[1], 0, ARGV[2] - 1)) do
  local expires = tonumber(read(id, 'expires')[1] or '')
  if expires and (not first or expires < first) then first = expires end
end
return first and math.max(0, first - now()) or -1
`,
)

/** ARGV: limit, time until they come up again (ms). Answers pairs of id and tenant. */
const inputsScript: Script = jobScript(
  'pentimentoInputs',
  ['allow-oom'],
  `
local t, found = now(), {}
for _, id in ipairs(redis.call('ZRANGE', ns .. 'inputs', '-inf', t, 'BYSCORE', 'LIMIT', 0, ARGV[1])) do
  redis.call('ZADD', ns .. 'inputs', t + ARGV[2], id)
  found[#found + 1] = id
  found[#found + 1] = read(id, 'tenant')[1]
end
return found
`,
)

/** ARGV: id, tenant. Safe to repeat: a share is given back once. */
const inputsErasedScript: Script = jobScript(
  'pentimentoInputsErased',
  ['allow-oom'],
  `
local r = read(ARGV[1], 'bytes', 'input_bytes')
redis.call('ZREM', ns .. 'inputs', ARGV[1])
if not r[1] or not r[2] then return end
setShare(key(ARGV[1]), ARGV[2], tonumber(r[1]) - tonumber(r[2]))
redis.call('HDEL', key(ARGV[1]), 'input_bytes')
`,
)

/** ARGV: id, tenant. Safe to repeat. */
const erasedScript: Script = script(
  'pentimentoErased',
  ['allow-oom'],
  storageLua,
  `
local bytes = redis.call('HGET', ns .. 'leaving', ARGV[1])
if not bytes then return end
addStored(ARGV[2], -bytes)
redis.call('HDEL', ns .. 'leaving', ARGV[1])
`,
)

/** Seconds until some of the tenant's storage should be free: an old job expires, or one that runs needs its inputs no more. Null while neither is known. */
export async function secondsUntilStorage(store: Store, tenant: string): Promise<number | null> {
  const [expiryMs, ends] = await Promise.all([
    store.run(nextExpiryScript, tenant, sample),
    secondsUntilNext(store, tenant, 'end'),
  ])
  const known = [Number(expiryMs) < 0 ? null : Number(expiryMs) / 1000, ends].filter((seconds) => seconds !== null)
  return known.length === 0 ? null : Math.min(...known)
}

/** Ended jobs whose inputs are to be deleted; each comes up again after `againMs` until `inputsErased`. */
export async function dueInputs(store: Store, limit: number, againMs: number): Promise<Erasure[]> {
  const flat = (await store.run(inputsScript, limit, againMs)) as string[]
  return Array.from({ length: flat.length / 2 }, (_, i) => ({ id: flat[2 * i] ?? '', tenant: flat[2 * i + 1] ?? '' }))
}

export async function inputsErased(store: Store, { id, tenant }: Erasure): Promise<void> {
  await store.run(inputsErasedScript, id, tenant)
}

export async function objectsErased(store: Store, { id, tenant }: Erasure): Promise<void> {
  await store.run(erasedScript, id, tenant)
}
