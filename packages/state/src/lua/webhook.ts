/**
 * Deliveries. `delivery:{id}` (hash) the event, its state and its log; `deliveries:{job}` (zset) a job's deliveries by
 * time. A *lane* is what one tenant sends to one host, written `{host} {tenant}`, and only the host where an earlier
 * version wrote it. Per lane `due:{lane}` (zset by time), `busy:{lane}` (zset by end of lease) and `turn:{lane}` when
 * something of it was last sent; `reaching:{host}` and `sending:{tenant}` (zsets by end of lease) what is under way for
 * a host and for a tenant; `hosts` (zset) when a lane has to be looked at next: those that were served last come last.
 */
export const webhookLua = `
local function hostOf(lane) return string.match(lane, '^[^ ]+') end

local function lookAt(lane)
  local first
  for _, set in ipairs({ 'due:', 'busy:' }) do
    local head = redis.call('ZRANGE', ns .. set .. lane, 0, 0, 'WITHSCORES')
    if head[2] and (not first or tonumber(head[2]) < first) then first = tonumber(head[2]) end
  end
  if not first then
    redis.call('ZREM', ns .. 'hosts', lane)
    return
  end
  local turn = tonumber(redis.call('GET', ns .. 'turn:' .. lane) or '0')
  redis.call('ZADD', ns .. 'hosts', math.max(first, turn), lane)
end

-- A job's index outlives each of its deliveries, which are kept for a while after their last try.
local function keepIndex(job, pendingLife) redis.call('PEXPIRE', ns .. 'deliveries:' .. job, 3 * pendingLife) end

local function giveBack(id, lane)
  redis.call('ZREM', ns .. 'busy:' .. lane, id)
  redis.call('ZREM', ns .. 'reaching:' .. hostOf(lane), id)
  redis.call('ZREM', ns .. 'sending:' .. redis.call('HGET', ns .. 'delivery:' .. id, 'tenant'), id)
end

local function unschedule(id, lane)
  redis.call('ZREM', ns .. 'due:' .. lane, id)
  giveBack(id, lane)
  lookAt(lane)
end

-- An erased job's bodies go with it.
local function dropDeliveries(job)
  for _, id in ipairs(redis.call('ZRANGE', ns .. 'deliveries:' .. job, 0, -1)) do
    local lane = redis.call('HGET', ns .. 'delivery:' .. id, 'host')
    if lane then unschedule(id, lane) end
    redis.call('DEL', ns .. 'delivery:' .. id)
  end
  redis.call('DEL', ns .. 'deliveries:' .. job, ns .. 'muted:' .. job)
end
`
