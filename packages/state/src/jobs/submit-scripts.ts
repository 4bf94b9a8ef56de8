import { jobScript } from '../lua/job.ts'
import type { Script } from '../redis/script.ts'

/** What is known of an idempotency key: 'mismatch', 'gone' and the reason, 'replayed' and the record, 'pending' and the id, or nothing. */
const keyLua = `
local function byKey(tenant, idem, fingerprint)
  local known = redis.call('HMGET', idem, 'job', 'fingerprint')
  if not known[1] then return {} end
  if known[2] ~= fingerprint then return { 'mismatch' } end
  local gone = redis.call('GET', ns .. 'gone:' .. known[1])
  if gone then return { 'gone', string.match(gone, '^%a+') } end
  local seen = lookUp(tenant, known[1])
  if seen[1] == 'gone' then return seen end
  if seen[1] == 'job' then return { 'replayed', seen[2] } end
  if redis.call('EXISTS', key(known[1])) == 1 then return { 'pending', known[1] } end
  return {}
end
`

/** ARGV: tenant, idempotency hash, fingerprint. */
export const findScript: Script = jobScript(
  'pentimentoFind',
  ['no-writes'],
  `
${keyLua}
return byKey(ARGV[1], ns .. 'idem:' .. ARGV[1] .. ':' .. ARGV[2], ARGV[3])
`,
)

/**
 * Idempotency record, admission and job record in one step.
 * ARGV: id, tenant, kind, model, queue key prefix, request JSON, cost, deadline (s), expires_in (s), webhook events, idempotency hash or '', fingerprint,
 * lease (ms), idempotency life (ms), weight, maxJobs, maxQueued, dailyWork, maxQueueDepth, bytes of the inputs, room for results (bytes), maxStorage (bytes).
 * A limit of -1 does not apply.
 */
export const beginScript: Script = jobScript(
  'pentimentoBegin',
  [],
  `
${keyLua}
local id, tenant, kind, model, queue, request = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6]
local cost, deadline, expiresIn, webhook = tonumber(ARGV[7]), ARGV[8], ARGV[9], ARGV[10]
local idem = ARGV[11] ~= '' and ns .. 'idem:' .. tenant .. ':' .. ARGV[11] or ''
local lease, weight = tonumber(ARGV[13]), tonumber(ARGV[15])
local t = now()

if redis.call('EXISTS', key(id)) == 1 then return { 'created', id } end
if idem ~= '' then
  local seen = byKey(tenant, idem, ARGV[12])
  if seen[1] and seen[1] ~= 'pending' then return seen end
  if seen[1] == 'pending' then
    local known = seen[2]
    if redis.call('EXISTS', read(known, 'queue')[1] .. known) == 1 then
      accept(known, t)
      return { 'replayed', record(known) }
    end
    local left = tonumber(redis.call('ZSCORE', ns .. 'pending', known) or '0') - t
    if left > 0 then return { 'busy', left } end
    redis.call('ZADD', ns .. 'pending', t + lease, known)
    return { 'resumed', known }
  end
end

local function over(limit, used) return tonumber(limit) >= 0 and used >= tonumber(limit) end
if over(ARGV[16], redis.call('SCARD', ns .. 'open:' .. tenant)) then return { 'refused', 'too_many_jobs' } end
if over(ARGV[17], redis.call('SCARD', ns .. 'queued:' .. tenant)) then return { 'refused', 'too_many_queued' } end
local usage = usageKey(tenant, t)
local used = tonumber(redis.call('GET', usage) or '0')
if tonumber(ARGV[18]) >= 0 and used + cost > tonumber(ARGV[18]) then return { 'refused', 'quota_exceeded', day - t % day } end
local share = recordBytes + tonumber(ARGV[20]) + tonumber(ARGV[21])
if tonumber(ARGV[22]) >= 0 and tonumber(redis.call('GET', ns .. 'stored:' .. tenant) or '0') + share > tonumber(ARGV[22]) then return { 'refused', 'storage_quota' } end
if over(ARGV[19], redis.call('ZCARD', ns .. 'waiting:' .. model)) then return { 'refused', 'queue_full' } end

redis.call('HSET', key(id), 'id', id, 'tenant', tenant, 'kind', kind, 'model', model, 'queue', queue, 'status', 'queued', 'accepted', '0',
  'request', request, 'cost', ARGV[7], 'weight', ARGV[15], 'created', t, 'deadline', t + deadline * 1000, 'deadline_in', deadline,
  'expires_in', expiresIn, 'webhook', webhook, 'idem', idem, 'attempt', '0', 'crashes', '0', 'held', '0', 'input_bytes', ARGV[20])
setShare(key(id), tenant, share)
redis.call('ZADD', ns .. 'pending', t + lease, id)
redis.call('SADD', ns .. 'open:' .. tenant, id)
redis.call('INCRBYFLOAT', usage, cost)
redis.call('PEXPIRE', usage, 2 * day)
if idem ~= '' then
  redis.call('HSET', idem, 'job', id, 'fingerprint', ARGV[12])
  redis.call('PEXPIRE', idem, ARGV[14])
end
return { 'created', id }
`,
)

/** Gives the job its start tag. ARGV: id. Answers tenant, model and, unless the job is accepted already, the priority for its work item. */
export const tagScript: Script = jobScript(
  'pentimentoTag',
  [],
  `
local id = ARGV[1]
local r = read(id, 'tenant', 'model', 'queue', 'cost', 'weight', 'tag', 'accepted')
if not r[1] then return {} end
if r[7] == '1' then return { r[1], r[2] } end
local tag = tonumber(r[6])
if not tag then
  tag = startTag(r[1], tonumber(r[4]), tonumber(r[5]))
  redis.call('HSET', key(id), 'tag', string.format('%.17g', tag))
end
return { r[1], r[2], priorityOf(r[2], r[3], tag) }
`,
)

/** Marks the job accepted, once its work item is in the queue or has been. ARGV: id. */
export const acceptScript: Script = jobScript(
  'pentimentoAccept',
  ['allow-oom'],
  `
local r = read(ARGV[1], 'accepted')
if not r[1] then return {} end
if r[1] == '0' then accept(ARGV[1], now()) end
return record(ARGV[1])
`,
)

/** ARGV: id. Answers 1 when nothing of the job is left, 0 when it was accepted meanwhile: by a retry that took the id over after the lease, say. */
export const abandonScript: Script = jobScript(
  'pentimentoAbandon',
  ['allow-oom'],
  `
local r = read(ARGV[1], 'accepted', 'queue')
if not r[1] then return 1 end
if r[1] ~= '0' or redis.call('EXISTS', r[2] .. ARGV[1]) == 1 then return 0 end
drop(ARGV[1])
return 1
`,
)
