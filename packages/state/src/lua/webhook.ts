/**
 * Deliveries. `delivery:{id}` (hash) the event, its state and its log; `deliveries:{job}` (zset) a job's deliveries by time; per host `due:{host}` (zset by
 * time) and `busy:{host}` (zset by end of lease); `sending:{tenant}` (zset by end of lease) what is under way for a tenant; `hosts` (zset) when a host has to
 * be looked at next.
 */
export const webhookLua = `
local function lookAt(host)
  local first
  for _, set in ipairs({ 'due:', 'busy:' }) do
    local head = redis.call('ZRANGE', ns .. set .. host, 0, 0, 'WITHSCORES')
    if head[2] and (not first or tonumber(head[2]) < first) then first = tonumber(head[2]) end
  end
  if first then redis.call('ZADD', ns .. 'hosts', first, host) else redis.call('ZREM', ns .. 'hosts', host) end
end

-- A job's index outlives each of its deliveries, which are kept for a while after their last try.
local function keepIndex(job, pendingLife) redis.call('PEXPIRE', ns .. 'deliveries:' .. job, 3 * pendingLife) end

local function giveBack(id, host)
  redis.call('ZREM', ns .. 'busy:' .. host, id)
  redis.call('ZREM', ns .. 'sending:' .. redis.call('HGET', ns .. 'delivery:' .. id, 'tenant'), id)
end

local function unschedule(id, host)
  redis.call('ZREM', ns .. 'due:' .. host, id)
  giveBack(id, host)
  lookAt(host)
end

-- An erased job's bodies go with it.
local function dropDeliveries(job)
  for _, id in ipairs(redis.call('ZRANGE', ns .. 'deliveries:' .. job, 0, -1)) do
    local host = redis.call('HGET', ns .. 'delivery:' .. id, 'host')
    if host then unschedule(id, host) end
    redis.call('DEL', ns .. 'delivery:' .. id)
  end
  redis.call('DEL', ns .. 'deliveries:' .. job, ns .. 'muted:' .. job)
end
`
