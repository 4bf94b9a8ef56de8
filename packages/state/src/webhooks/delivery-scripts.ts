import { webhookLua } from '../lua/webhook.ts'
import { type Script, script } from '../redis/script.ts'

/** ARGV: id, host, event JSON, job or '', life while pending (ms), tenant. An event that is known already stays as it is. */
export const enqueueScript: Script = script(
  'pentimentoDeliver',
  [],
  webhookLua,
  `
local id, host, job = ARGV[1], ARGV[2], ARGV[4]
local delivery = ns .. 'delivery:' .. id
-- The receiver has answered 410 to this job before, or the job was deleted while its event was on the way here.
if redis.call('EXISTS', delivery) == 1 or (job ~= '' and redis.call('EXISTS', ns .. 'muted:' .. job) == 1) then return end
if string.sub(redis.call('GET', ns .. 'gone:' .. job) or '', 1, 7) == 'deleted' then return end
local t = now()
redis.call('HSET', delivery, 'event', ARGV[3], 'host', host, 'tenant', ARGV[6], 'job', job, 'state', 'pending', 'created', t, 'next', t, 'attempt', 0, 'tries', 0, 'log', '')
redis.call('PEXPIRE', delivery, ARGV[5])
redis.call('ZADD', ns .. 'due:' .. host, t, id)
if job ~= '' then
  redis.call('ZADD', ns .. 'deliveries:' .. job, t, id)
  keepIndex(job, ARGV[5])
end
lookAt(host)
`,
)

/** ARGV: limit, most at once per host and per tenant, lease (ms). Answers triples of id, event JSON and attempt. */
export const claimScript: Script = script(
  'pentimentoClaim',
  ['allow-oom'],
  webhookLua,
  `
local t, left, perHost, perTenant, lease = now(), tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local claimed = {}

local function hasShare(tenant)
  local sending = ns .. 'sending:' .. tenant
  redis.call('ZREMRANGEBYSCORE', sending, '-inf', t)
  return redis.call('ZCARD', sending) >= perTenant
end

for _, host in ipairs(redis.call('ZRANGE', ns .. 'hosts', '-inf', t, 'BYSCORE', 'LIMIT', 0, 500)) do
  if left <= 0 then break end
  local due, busy = ns .. 'due:' .. host, ns .. 'busy:' .. host
  -- Whoever held these is gone.
  for _, id in ipairs(redis.call('ZRANGE', busy, '-inf', t, 'BYSCORE')) do
    redis.call('ZADD', due, t, id)
    redis.call('ZREM', busy, id)
  end
  local room = math.min(left, perHost - redis.call('ZCARD', busy))
  if room > 0 then
    for _, id in ipairs(redis.call('ZRANGE', due, '-inf', t, 'BYSCORE', 'LIMIT', 0, room)) do
      local delivery = ns .. 'delivery:' .. id
      local d = redis.call('HMGET', delivery, 'event', 'tenant')
      if d[1] and hasShare(d[2]) then
        -- Behind those of others, for a moment.
        redis.call('ZADD', due, t + 1000, id)
      else
        redis.call('ZREM', due, id)
      end
      if d[1] and not redis.call('ZSCORE', due, id) then
        redis.call('ZADD', busy, t + lease, id)
        redis.call('ZADD', ns .. 'sending:' .. d[2], t + lease, id)
        redis.call('HINCRBY', delivery, 'tries', 1)
        claimed[#claimed + 1] = id
        claimed[#claimed + 1] = d[1]
        claimed[#claimed + 1] = redis.call('HINCRBY', delivery, 'attempt', 1)
        left = left - 1
      end
    end
  end
  if redis.call('ZCARD', busy) >= perHost then
    -- Nothing more for this host before a lease ends or a delivery is settled.
    redis.call('ZADD', ns .. 'hosts', tonumber(redis.call('ZRANGE', busy, 0, 0, 'WITHSCORES')[2]), host)
  else
    lookAt(host)
  end
end
return claimed
`,
)

/**
 * ARGV: id, attempt, log line, outcome ('delivered', 'failed' or 'stopped'), delay in ms by number of tries (comma-separated), least delay (ms),
 * life after delivery, after failure and while pending (ms). Answers the delivery's state.
 */
export const settleScript: Script = script(
  'pentimentoSettle',
  ['allow-oom'],
  webhookLua,
  `
local id, attempt, outcome = ARGV[1], ARGV[2], ARGV[4]
local delivery = ns .. 'delivery:' .. id
local r = redis.call('HMGET', delivery, 'host', 'attempt', 'state', 'tries', 'log', 'job')
if not r[1] then return 'stopped' end
-- The lease had ended and somebody else tries.
if r[2] ~= attempt or not redis.call('ZSCORE', ns .. 'busy:' .. r[1], id) then return r[3] end
local log = ARGV[3] .. (r[5] == '' and '' or '\\n' .. r[5])
-- Whole lines only. One takes less than 8 kB, all control characters escaped.
if #log > 40000 then log = string.match(string.sub(log, 1, 40000), '^(.*)\\n') end
redis.call('HSET', delivery, 'log', log)
redis.call('HDEL', delivery, 'next')
if r[6] ~= '' then keepIndex(r[6], ARGV[9]) end

local function close(which, state, life)
  local host = redis.call('HGET', ns .. 'delivery:' .. which, 'host')
  redis.call('HSET', ns .. 'delivery:' .. which, 'state', state)
  redis.call('HDEL', ns .. 'delivery:' .. which, 'next')
  redis.call('PEXPIRE', ns .. 'delivery:' .. which, life)
  unschedule(which, host)
end

if outcome == 'delivered' then
  close(id, 'delivered', ARGV[7])
  return 'delivered'
end
if outcome == 'stopped' then
  local all = r[6] ~= '' and redis.call('ZRANGE', ns .. 'deliveries:' .. r[6], 0, -1) or { id }
  for _, each in ipairs(all) do
    if redis.call('HGET', ns .. 'delivery:' .. each, 'state') == 'pending' then close(each, 'stopped', ARGV[8]) end
  end
  if r[6] ~= '' then redis.call('SET', ns .. 'muted:' .. r[6], 1, 'PX', ARGV[8]) end
  return 'stopped'
end
local delays = {}
for delay in string.gmatch(ARGV[5], '[^,]+') do delays[#delays + 1] = tonumber(delay) end
local delay = delays[tonumber(r[4])]
if not delay then
  close(id, 'failed', ARGV[8])
  return 'failed'
end
local at = now() + math.max(delay, tonumber(ARGV[6]))
redis.call('HSET', delivery, 'next', at)
-- A receiver that asks for a day each time takes longer than the schedule.
redis.call('PEXPIRE', delivery, ARGV[9])
giveBack(id, r[1])
redis.call('ZADD', ns .. 'due:' .. r[1], at, id)
lookAt(r[1])
return 'pending'
`,
)

/** Sends again now, with all tries ahead. ARGV: job, id, life while pending (ms). 1 when the delivery is known. */
export const replayScript: Script = script(
  'pentimentoReplay',
  [],
  webhookLua,
  `
local id = ARGV[2]
if not redis.call('ZSCORE', ns .. 'deliveries:' .. ARGV[1], id) then return 0 end
local delivery = ns .. 'delivery:' .. id
local host = redis.call('HGET', delivery, 'host')
if not host then return 0 end
-- Under way at this moment: that is the replay.
if redis.call('ZSCORE', ns .. 'busy:' .. host, id) then return 1 end
local t = now()
redis.call('HSET', delivery, 'state', 'pending', 'next', t, 'tries', 0)
redis.call('PEXPIRE', delivery, ARGV[3])
keepIndex(ARGV[1], ARGV[3])
redis.call('ZADD', ns .. 'due:' .. host, t, id)
lookAt(host)
return 1
`,
)

/** A job's deliveries. ARGV: job. */
export const logScript: Script = script(
  'pentimentoDeliveries',
  ['no-writes'],
  `
local found = {}
for _, id in ipairs(redis.call('ZRANGE', ns .. 'deliveries:' .. ARGV[1], 0, -1)) do
  local fields = redis.call('HGETALL', ns .. 'delivery:' .. id)
  if #fields > 0 then
    found[#found + 1] = id
    found[#found + 1] = fields
  end
end
return found
`,
)

/** Final jobs whose event is to be queued. Each comes up again after a while until `announced`. ARGV: limit, again after (ms). */
export const unannouncedScript: Script = script(
  'pentimentoUnannounced',
  ['allow-oom'],
  `
local t, found = now(), {}
for _, id in ipairs(redis.call('ZRANGE', ns .. 'unannounced', '-inf', t, 'BYSCORE', 'LIMIT', 0, ARGV[1])) do
  redis.call('ZADD', ns .. 'unannounced', t + ARGV[2], id)
  local fields = redis.call('HGETALL', ns .. 'job:' .. id)
  if #fields > 0 then found[#found + 1] = fields else redis.call('ZREM', ns .. 'unannounced', id) end
end
return found
`,
)
