import { webhookLua } from '../lua/webhook.ts'
import { type List, script } from '../redis/script.ts'
import type { DeliveryRecord } from './webhooks.ts'

/**
 * Takes the most at once per host and per tenant. Answers events as JSON, with the number of the attempt. A host gets
 * one from a tenant of which nothing is under way there, even above that and up to twice as many: however much others
 * send to it, a newcomer's event goes at once.
 */
export const claimScript = script<
  { limit: number; perHost: number; perTenant: number; leaseMs: number },
  List<{ event: string; attempt: number }>
>(
  'pentimentoClaim',
  ['allow-oom'],
  webhookLua,
  `
local t, left, perHost, perTenant, lease = now(), input.limit, input.perHost, input.perTenant, input.leaseMs
local claimed = {}
local hasShare = {}

local function underWay(set)
  redis.call('ZREMRANGEBYSCORE', set, '-inf', t)
  return redis.call('ZCARD', set)
end

-- Of a tenant that has its share no lane is looked at for a moment.
local function mayNotSend(tenant, lane)
  if not hasShare[tenant] and underWay(ns .. 'sending:' .. tenant) >= perTenant then hasShare[tenant] = true end
  if hasShare[tenant] then redis.call('ZADD', ns .. 'hosts', t + 1000, lane) end
  return hasShare[tenant]
end

-- Whoever held these is gone.
local function recover(lane)
  for _, id in ipairs(redis.call('ZRANGE', ns .. 'busy:' .. lane, '-inf', t, 'BYSCORE')) do
    redis.call('ZADD', ns .. 'due:' .. lane, t, id)
    redis.call('ZREM', ns .. 'busy:' .. lane, id)
  end
end

local function claim(id, lane, event, tenant)
  redis.call('ZREM', ns .. 'due:' .. lane, id)
  for _, set in ipairs({ 'busy:' .. lane, 'reaching:' .. hostOf(lane), 'sending:' .. tenant }) do
    redis.call('ZADD', ns .. set, t + lease, id)
  end
  redis.call('SET', ns .. 'turn:' .. lane, t, 'PX', 60000)
  redis.call('HINCRBY', ns .. 'delivery:' .. id, 'tries', 1)
  claimed[#claimed + 1] = { event = event, attempt = redis.call('HINCRBY', ns .. 'delivery:' .. id, 'attempt', 1) }
  left = left - 1
end

for _, lane in ipairs(redis.call('ZRANGE', ns .. 'hosts', '-inf', t, 'BYSCORE', 'LIMIT', 0, 2000)) do
  if left <= 0 then break end
  local tenant = string.match(lane, ' (.*)$')
  if not (tenant and hasShare[tenant] and mayNotSend(tenant, lane)) then
    recover(lane)
    local busy = redis.call('ZCARD', ns .. 'busy:' .. lane)
    local reaching = underWay(ns .. 'reaching:' .. hostOf(lane))
    local newcomer = busy == 0 and reaching < 2 * perHost and 1 or 0
    local room = math.min(left, math.max(perHost - reaching, newcomer))
    local ids = room > 0 and redis.call('ZRANGE', ns .. 'due:' .. lane, '-inf', t, 'BYSCORE', 'LIMIT', 0, room) or {}
    local blocked = false
    for _, id in ipairs(ids) do
      local d = redis.call('HMGET', ns .. 'delivery:' .. id, 'event', 'tenant')
      if not d[1] then
        redis.call('ZREM', ns .. 'due:' .. lane, id)
      elseif mayNotSend(d[2], lane) then
        blocked = true
        break
      else
        claim(id, lane, d[1], d[2])
      end
    end
    -- A lane that waits for a place at its host keeps its turn.
    if not blocked then lookAt(lane) end
  end
end
return claimed
`,
)

interface Settlement {
  id: string
  attempt: number
  /** For the log of attempts: JSON without a line break. */
  line: string
  outcome: 'delivered' | 'failed' | 'stopped'
  /** Until the next attempt, by the number of tries so far; and at least. */
  delaysMs: number[]
  leastDelayMs: number
  deliveredLifeMs: number
  failedLifeMs: number
  pendingLifeMs: number
}

/** Answers the delivery's state. */
export const settleScript = script<Settlement, DeliveryRecord['state']>(
  'pentimentoSettle',
  ['allow-oom'],
  webhookLua,
  `
local id, outcome = input.id, input.outcome
local delivery = ns .. 'delivery:' .. id
local r = redis.call('HMGET', delivery, 'host', 'attempt', 'state', 'tries', 'log', 'job')
if not r[1] then return 'stopped' end
-- The lease had ended and somebody else tries.
if tonumber(r[2]) ~= input.attempt or not redis.call('ZSCORE', ns .. 'busy:' .. r[1], id) then return r[3] end
local log = input.line .. (r[5] == '' and '' or '\\n' .. r[5])
-- Whole lines only. One takes less than 8 kB, all control characters escaped.
if #log > 40000 then log = string.match(string.sub(log, 1, 40000), '^(.*)\\n') end
redis.call('HSET', delivery, 'log', log)
redis.call('HDEL', delivery, 'next')
if r[6] ~= '' then keepIndex(r[6], input.pendingLifeMs) end

local function close(which, state, life)
  local lane = redis.call('HGET', ns .. 'delivery:' .. which, 'host')
  redis.call('HSET', ns .. 'delivery:' .. which, 'state', state)
  redis.call('HDEL', ns .. 'delivery:' .. which, 'next')
  redis.call('PEXPIRE', ns .. 'delivery:' .. which, life)
  unschedule(which, lane)
end

if outcome == 'delivered' then
  close(id, 'delivered', input.deliveredLifeMs)
  return 'delivered'
end
if outcome == 'stopped' then
  local all = r[6] ~= '' and redis.call('ZRANGE', ns .. 'deliveries:' .. r[6], 0, -1) or { id }
  for _, each in ipairs(all) do
    local state = redis.call('HGET', ns .. 'delivery:' .. each, 'state')
    if state == 'pending' then close(each, 'stopped', input.failedLifeMs) end
  end
  if r[6] ~= '' then redis.call('SET', ns .. 'muted:' .. r[6], 1, 'PX', input.failedLifeMs) end
  return 'stopped'
end
local delay = input.delaysMs[tonumber(r[4])]
if not delay then
  close(id, 'failed', input.failedLifeMs)
  return 'failed'
end
local at = now() + math.max(delay, input.leastDelayMs)
redis.call('HSET', delivery, 'next', at)
-- A receiver that asks for a day each time takes longer than the schedule.
redis.call('PEXPIRE', delivery, input.pendingLifeMs)
giveBack(id, r[1])
redis.call('ZADD', ns .. 'due:' .. r[1], at, id)
lookAt(r[1])
return 'pending'
`,
)
