import { jobScript, type RecordFields } from '../lua/job.ts'
import type { Refusal } from './admission.ts'
import { type StandingAnswer, standingLua } from './standing.ts'

/**
 * What is known of an idempotency key: as `lookUp` says it of an accepted job, 'mismatch', 'pending' and the id, or
 * 'unknown'.
 */
const keyLua = `
local function byKey(tenant, idem, fingerprint)
  local known = redis.call('HMGET', idem, 'job', 'fingerprint')
  if not known[1] then return { outcome = 'unknown' } end
  if known[2] ~= fingerprint then return { outcome = 'mismatch' } end
  local gone = redis.call('GET', ns .. 'gone:' .. known[1])
  if gone then return { outcome = 'gone', gone = string.match(gone, '^%a+') } end
  local seen = lookUp(tenant, known[1])
  if seen.outcome == 'gone' then return seen end
  if seen.outcome == 'found' then return { outcome = 'replayed', job = seen.job } end
  if redis.call('EXISTS', key(known[1])) == 1 then return { outcome = 'pending', id = known[1] } end
  return { outcome = 'unknown' }
end

local function idemKey(tenant, hash) return ns .. 'idem:' .. tenant .. ':' .. hash end
`

/** An idempotency key by its hash, and the fingerprint of the request that it came with. */
interface Idempotency {
  hash: string
  fingerprint: string
}

type Known =
  | { outcome: 'replayed'; job: RecordFields }
  | { outcome: 'gone'; gone: 'deleted' | 'expired' }
  | { outcome: 'mismatch' }

export const findScript = jobScript<
  { tenant: string; idempotency: Idempotency },
  Known | { outcome: 'pending' } | { outcome: 'unknown' }
>(
  'pentimentoFind',
  ['no-writes'],
  `
${keyLua}
local idempotency = input.idempotency
return byKey(input.tenant, idemKey(input.tenant, idempotency.hash), idempotency.fingerprint)
`,
)

/** Numbers that are kept as they are, with all their digits, are text. */
export interface BeginScriptInput {
  id: string
  tenant: string
  kind: string
  model: string
  /** What the keys of the model's queue begin with. */
  queue: string
  /** Id of the job that it was made of; empty for none. */
  source: string
  /** JSON. */
  request: string
  cost: string
  weight: string
  /** Seconds from acceptance, and from the end. */
  deadline: number
  expiresIn: number
  /** Events, between commas. */
  webhook: string
  idempotency?: Idempotency | undefined
  leaseMs: number
  idempotencyMs: number
  /** Bytes. */
  inputBytes: number
  resultBytes: number
  /** Those that are absent do not apply. `maxStorage` in bytes. */
  limits: {
    maxJobs?: number | undefined
    maxQueued?: number | undefined
    dailyWork?: number | undefined
    maxQueueDepth?: number | undefined
    maxStorage?: number | undefined
  }
}

type BeginScriptAnswer =
  | { outcome: 'created' | 'resumed'; id: string }
  | { outcome: 'busy'; leftMs: number }
  | { outcome: 'refused'; reason: Refusal['reason']; afterMs?: number }
  | Known

/** Idempotency record, admission and job record in one step. */
export const beginScript = jobScript<BeginScriptInput, BeginScriptAnswer>(
  'pentimentoBegin',
  [],
  `
${keyLua}
local id, tenant, limits = input.id, input.tenant, input.limits
local cost = tonumber(input.cost)
local idem = input.idempotency and idemKey(tenant, input.idempotency.hash)
local t = now()

if redis.call('EXISTS', key(id)) == 1 then return { outcome = 'created', id = id } end
if idem then
  local seen = byKey(tenant, idem, input.idempotency.fingerprint)
  if seen.outcome == 'pending' then
    local known = seen.id
    if itemExists(read(known, 'queue')[1], known) then
      accept(known, t)
      return { outcome = 'replayed', job = record(known) }
    end
    local left = tonumber(redis.call('ZSCORE', ns .. 'pending', known) or '0') - t
    if left > 0 then return { outcome = 'busy', leftMs = left } end
    redis.call('ZADD', ns .. 'pending', t + input.leaseMs, known)
    return { outcome = 'resumed', id = known }
  end
  if seen.outcome ~= 'unknown' then return seen end
end

local function refused(reason, after) return { outcome = 'refused', reason = reason, afterMs = after } end
local function full(limit, used) return limit and used >= limit end
local function over(limit, needed) return limit and needed > limit end
if full(limits.maxJobs, redis.call('SCARD', ns .. 'open:' .. tenant)) then return refused('too_many_jobs') end
if full(limits.maxQueued, redis.call('SCARD', ns .. 'queued:' .. tenant)) then return refused('too_many_queued') end
local usage = usageKey(tenant, t)
local work = tonumber(redis.call('GET', usage) or '0')
if over(limits.dailyWork, work + cost) then return refused('quota_exceeded', day - t % day) end
local share = recordBytes + input.inputBytes + input.resultBytes
local stored = tonumber(redis.call('GET', ns .. 'stored:' .. tenant) or '0')
if over(limits.maxStorage, stored + share) then return refused('storage_quota') end
local depth = redis.call('ZCARD', ns .. 'waiting:' .. input.model)
if full(limits.maxQueueDepth, depth) then return refused('queue_full') end

redis.call('HSET', key(id), 'id', id, 'tenant', tenant, 'kind', input.kind, 'model', input.model,
  'queue', input.queue, 'source', input.source, 'status', 'queued', 'accepted', '0', 'request', input.request,
  'cost', input.cost, 'weight', input.weight, 'created', t, 'deadline', t + input.deadline * 1000,
  'deadline_in', input.deadline, 'expires_in', input.expiresIn, 'webhook', input.webhook,
  'idem', idem or '', 'attempt', '0', 'crashes', '0',
  'held', '0', 'input_bytes', input.inputBytes)
setShare(key(id), tenant, share)
redis.call('ZADD', ns .. 'pending', t + input.leaseMs, id)
redis.call('SADD', ns .. 'open:' .. tenant, id)
redis.call('INCRBYFLOAT', usage, cost)
redis.call('PEXPIRE', usage, 2 * day)
if idem then
  redis.call('HSET', idem, 'job', id, 'fingerprint', input.idempotency.fingerprint)
  redis.call('PEXPIRE', idem, input.idempotencyMs)
end
return { outcome = 'created', id = id }
`,
)

/**
 * Gives the job its start tag. Answers where it goes and, unless it is accepted already, the priority for its work
 * item; null when it was dropped.
 */
export const tagScript = jobScript<{ id: string }, { tenant: string; model: string; priority?: number } | null>(
  'pentimentoTag',
  [],
  `
local id = input.id
local r = read(id, 'tenant', 'model', 'queue', 'cost', 'weight', 'tag', 'accepted')
if not r[1] then return end
if r[7] == '1' then return { tenant = r[1], model = r[2] } end
local tag = tonumber(r[6])
if not tag then
  tag = startTag(r[1], tonumber(r[4]), tonumber(r[5]))
  redis.call('HSET', key(id), 'tag', string.format('%.17g', tag))
end
return { tenant = r[1], model = r[2], priority = priorityOf(r[2], r[3], tag) }
`,
)

/**
 * Marks the job accepted, once its work item is in the queue or has been. Answers its record and where it stands; null
 * when it was dropped.
 */
export const acceptScript = jobScript<{ id: string }, { job: RecordFields; standing: StandingAnswer } | null>(
  'pentimentoAccept',
  ['allow-oom'],
  `
${standingLua}
local r = read(input.id, 'accepted')
if not r[1] then return end
if r[1] == '0' then accept(input.id, now()) end
return { job = record(input.id), standing = standing(input.id) }
`,
)

/** True when nothing of the job is left, false when a retry has taken it over and it was accepted meanwhile. */
export const abandonScript = jobScript<{ id: string }, boolean>(
  'pentimentoAbandon',
  ['allow-oom'],
  `
local r = read(input.id, 'accepted', 'queue')
if not r[1] then return true end
if r[1] ~= '0' or itemExists(r[2], input.id) then return false end
drop(input.id)
return true
`,
)
