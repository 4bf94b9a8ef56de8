import { type Flag, type Script, script } from '../redis/script.ts'
import { bullmqLua } from '../work-items/bullmq.ts'
import { coldStartLua } from './cold-start.ts'
import { fairLua } from './fair.ts'
import { storageLua } from './storage.ts'

/**
 * The job record and its indexes. A waiting job is in `deadlines`, `waiting:{model}` and `queued:{tenant}`; a job that
 * is accepted and not final is in `live`; a job that is not final, accepted or not, is in `open:{tenant}`; a job not
 * yet accepted is in `pending`; a final one is in `expiry`.
 */
const jobLua = `
local maxCrashes = 2
local maxLosses = 6
local day = 86400000

local function key(id) return ns .. 'job:' .. id end
local function read(id, ...) return redis.call('HMGET', key(id), ...) end
local function isFinal(status)
  return status == 'succeeded' or status == 'failed' or status == 'canceled' or status == 'expired'
end
local function publish(id, status)
  redis.call('PUBLISH', ns .. 'events', '{"type":"status","id":"' .. id .. '","status":"' .. status .. '"}')
end
local function tellWorkers(id) redis.call('PUBLISH', ns .. 'control', id) end
local function resultWithout(status, errorJson)
  return '{"status":"' .. status .. '","attempt":0,"images":[],"error":' .. (errorJson or 'null')
    .. ',"warnings":[],"metrics":null}'
end
local function usageKey(tenant, at) return ns .. 'usage:' .. tenant .. ':' .. math.floor(at / day) end

local function addWaitingCost(model, cost)
  redis.call('HINCRBYFLOAT', ns .. 'stats:' .. model, 'waiting', cost)
  if redis.call('ZCARD', ns .. 'waiting:' .. model) == 0 then
    redis.call('HSET', ns .. 'stats:' .. model, 'waiting', 0)
    redis.call('HDEL', ns .. 'stats:' .. model, 'cold_since')
  end
end

-- From now on the job waits, for at most its own deadline.
local function wait(id, t)
  local r = read(id, 'tenant', 'model', 'deadline_in', 'cost', 'queue', 'tag')
  local deadline = t + r[3] * 1000
  redis.call('HSET', key(id), 'status', 'queued', 'held', '0', 'deadline', deadline)
  redis.call('HDEL', key(id), 'progress')
  redis.call('ZADD', ns .. 'deadlines', deadline, id)
  redis.call('ZADD', ns .. 'waiting:' .. r[2], t, id)
  redis.call('SADD', ns .. 'queued:' .. r[1], id)
  redis.call('ZADD', ns .. 'live', t + 10000, id)
  addWaitingCost(r[2], tonumber(r[4]))
  beginCold(r[2], t)
  -- The mapping may have been re-based since the work item was written or taken.
  if r[6] then setItemPriority(r[5], id, priorityOf(r[2], r[5], tonumber(r[6]))) end
  publish(id, 'queued')
end

local function waitNoMore(id, tenant, model, cost)
  redis.call('ZREM', ns .. 'deadlines', id)
  redis.call('SREM', ns .. 'queued:' .. tenant, id)
  if redis.call('ZREM', ns .. 'waiting:' .. model, id) == 1 then addWaitingCost(model, -cost) end
end

local function accept(id, t)
  local r = read(id, 'tenant', 'created')
  redis.call('HSET', key(id), 'accepted', '1')
  redis.call('ZADD', ns .. 'jobs:' .. r[1], r[2], id)
  redis.call('ZREM', ns .. 'pending', id)
  wait(id, t)
end

local function refund(id, tenant, created, cost, weight, tag)
  if tag then refundTag(tenant, cost, weight) end
  local usage = usageKey(tenant, created)
  if redis.call('EXISTS', usage) == 1 then redis.call('INCRBYFLOAT', usage, -cost) end
end

-- Mean seconds and cost of the latest jobs (exponential, 1/8), for estimates and Retry-After.
local function measure(model, seconds, cost)
  local stats = ns .. 'stats:' .. model
  local old = redis.call('HMGET', stats, 'seconds', 'cost')
  local a = old[1] and 0.125 or 1
  redis.call('HSET', stats,
    'seconds', string.format('%.17g', (old[1] or 0) * (1 - a) + seconds * a),
    'cost', string.format('%.17g', (old[2] or 0) * (1 - a) + cost * a))
end

-- The only way to a final status.
local function finish(id, status, result, t)
  local r = read(id, 'tenant', 'model', 'attempt', 'cost', 'weight', 'created', 'expires_in', 'webhook', 'began', 'tag')
  local tenant, model, cost = r[1], r[2], tonumber(r[4])
  local expires = t + r[7] * 1000
  redis.call('HSET', key(id), 'status', status, 'finished', t, 'expires', expires, 'result', result, 'held', '0')
  redis.call('HDEL', key(id), 'progress')
  waitNoMore(id, tenant, model, cost)
  redis.call('ZREM', ns .. 'live', id)
  redis.call('SREM', ns .. 'open:' .. tenant, id)
  redis.call('ZADD', ns .. 'expiry', expires, id)
  keepResults(id, key(id), tenant, result, t)
  if r[3] == '0' then refund(id, tenant, tonumber(r[6]), cost, tonumber(r[5]), r[10]) end
  if status == 'succeeded' and r[9] then measure(model, (t - r[9]) / 1000, cost) end
  if string.find(r[8], 'job.' .. status, 1, true) then redis.call('ZADD', ns .. 'unannounced', t, id) end
  publish(id, status)
end

-- The attempt ended without a result. how: 'release' (given back), 'crash' (its worker says so), 'shared' (a crash with
-- others beside it) or 'loss' (nothing was heard of its worker). What may have been another job's doing only counts
-- from a job that should have been alone. The job waits again, or has used up its attempts. A worker that turns out to
-- be alive takes its loss back, but not for ever.
local function endAttempt(id, t, how, errorJson)
  local r = read(id, 'cancel', 'worker', 'alone', 'shares')
  if r[1] then
    finish(id, 'canceled', resultWithout('canceled'), t)
    return 'canceled'
  end
  if not r[3] and (how == 'shared' or how == 'loss' and r[4] == '1') then
    redis.call('HSET', key(id), 'alone', '1')
    if how == 'loss' then redis.call('HSET', key(id), 'apart', r[2]) end
    how = 'release'
  end
  local losses = 0
  if how == 'loss' then
    losses = redis.call('HINCRBY', key(id), 'losses', 1)
    redis.call('HINCRBY', key(id), 'lost:' .. r[2], 1)
  end
  if how ~= 'release' and (redis.call('HINCRBY', key(id), 'crashes', 1) >= maxCrashes or losses >= maxLosses) then
    finish(id, 'failed', resultWithout('failed', errorJson), t)
    return 'failed'
  end
  wait(id, t)
  return 'retry'
end

local function record(id) return (fieldsOf(key(id))) end

local function forget(id, reason, ttl)
  local r = read(id, 'tenant', 'status', 'model', 'cost')
  redis.call('SET', ns .. 'gone:' .. id, reason .. ':' .. r[1], 'PX', ttl)
  -- A running attempt may still write: its objects are looked for again later.
  local again = now() + (r[2] == 'processing' and 1800000 or 30000)
  redis.call('ZADD', ns .. 'erasures', again, id .. r[1])
  waitNoMore(id, r[1], r[3], tonumber(r[4]))
  redis.call('ZREM', ns .. 'jobs:' .. r[1], id)
  redis.call('SREM', ns .. 'open:' .. r[1], id)
  for _, index in ipairs({ 'expiry', 'live', 'pending', 'unannounced' }) do redis.call('ZREM', ns .. index, id) end
  leave(id, key(id))
  redis.call('DEL', key(id), ns .. 'preview:' .. id)
end

-- Drops a job that was never accepted, as if it had not been asked for.
local function drop(id)
  local r = read(id, 'tenant', 'idem', 'created', 'cost', 'weight', 'tag')
  -- An upload whose answer came too late may still land: its objects are looked for again later.
  redis.call('ZADD', ns .. 'erasures', now() + 30000, id .. r[1])
  refund(id, r[1], tonumber(r[3]), tonumber(r[4]), tonumber(r[5]), r[6])
  redis.call('ZREM', ns .. 'pending', id)
  redis.call('SREM', ns .. 'open:' .. r[1], id)
  if r[2] and r[2] ~= '' then redis.call('DEL', r[2]) end
  leave(id, key(id))
  redis.call('DEL', key(id))
end

-- What a tenant sees under an id: never another tenant's job, never one not accepted.
local function lookUp(tenant, id)
  local r = read(id, 'tenant', 'accepted', 'expires')
  if r[1] == tenant and r[2] == '1' then
    if r[3] and tonumber(r[3]) <= now() then return { outcome = 'gone', gone = 'expired' } end
    return { outcome = 'found', job = record(id) }
  end
  if r[1] then return { outcome = 'missing' } end
  local gone = redis.call('GET', ns .. 'gone:' .. id)
  if not gone then return { outcome = 'missing' } end
  local colon = string.find(gone, ':', 1, true)
  if string.sub(gone, colon + 1) ~= tenant then return { outcome = 'missing' } end
  return { outcome = 'gone', gone = string.sub(gone, 1, colon - 1) }
end
`

/** What `lookUp` answers. */
export type Seen =
  | { outcome: 'found'; job: RecordFields }
  | { outcome: 'gone'; gone: 'deleted' | 'expired' }
  | { outcome: 'missing' }

/** A job's hash, all of it text. */
export type RecordFields = Record<string, string>

/** A script over job records: fair queueing, the tenant's storage and the record's functions, then `body`. */
export function jobScript<Input, Answer>(name: string, flags: readonly Flag[], body: string): Script<Input, Answer> {
  return script(name, flags, bullmqLua, fairLua, storageLua, coldStartLua, jobLua, body)
}
