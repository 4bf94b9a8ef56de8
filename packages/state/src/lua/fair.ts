import { maxPriority } from '../work-items/bullmq.ts'

/**
 * Start-time fair queueing (Goyal, Vin, Cheng 1996): a job's start tag is S = max(V, F[tenant]), then F[tenant] = S +
 * cost/weight; V is the largest start tag of a job that has started. Tags are doubles in megapixel-steps and are never
 * re-based; what is re-based is each queue's mapping from tags to BullMQ's integer priorities (1 … 2^21 - 1): priority
 * = floor((S - base) * scale) + 1.
 *
 * Keys: `fair:v` the virtual time; `fair:finish` (zset) F by tenant, entries at or below V dropped; `fair:map:{model}`
 * (hash) base and scale.
 */
export const fairLua = `
local maxPriority = ${maxPriority}
local finestScale = 16

local function virtualTime() return tonumber(redis.call('GET', ns .. 'fair:v') or '0') end

local function startTag(tenant, cost, weight)
  local s = math.max(virtualTime(), tonumber(redis.call('ZSCORE', ns .. 'fair:finish', tenant) or '0'))
  redis.call('ZADD', ns .. 'fair:finish', s + cost / weight, tenant)
  return s
end

-- A job that never started costs its tenant nothing.
local function refundTag(tenant, cost, weight)
  local f = redis.call('ZSCORE', ns .. 'fair:finish', tenant)
  if f then redis.call('ZADD', ns .. 'fair:finish', tonumber(f) - cost / weight, tenant) end
end

local function advance(tag)
  if tag > virtualTime() then redis.call('SET', ns .. 'fair:v', string.format('%.17g', tag)) end
  redis.call('ZREMRANGEBYSCORE', ns .. 'fair:finish', '-inf', virtualTime())
end

local function mapping(model)
  local m = redis.call('HMGET', ns .. 'fair:map:' .. model, 'base', 'scale')
  return tonumber(m[1] or '0'), tonumber(m[2] or finestScale)
end

local function toPriority(tag, base, scale)
  return math.max(1, math.min(maxPriority, math.floor((tag - base) * scale) + 1))
end

-- Moves the queue's base to its lowest tag, waiting or still to come (none of those is below the virtual time), and
-- coarsens the scale when a backlog is too large for the finest.
local function rebase(model, queue, tag)
  local ids = redis.call('ZRANGE', ns .. 'waiting:' .. model, 0, -1)
  local tags, low, high = {}, math.min(tag, virtualTime()), tag
  for i, id in ipairs(ids) do
    tags[i] = tonumber(redis.call('HGET', ns .. 'job:' .. id, 'tag') or tag)
    low, high = math.min(low, tags[i]), math.max(high, tags[i])
  end
  local scale = finestScale
  while (high - low) * scale * 4 > maxPriority do scale = scale / 2 end
  redis.call('HSET', ns .. 'fair:map:' .. model,
    'base', string.format('%.17g', low), 'scale', string.format('%.17g', scale))
  for i, id in ipairs(ids) do setItemPriority(queue, id, toPriority(tags[i], low, scale)) end
end

local function priorityOf(model, queue, tag)
  local base, scale = mapping(model)
  if (tag - base) * scale + 1 > maxPriority then
    rebase(model, queue, tag)
    base, scale = mapping(model)
  end
  return toPriority(tag, base, scale)
end
`
