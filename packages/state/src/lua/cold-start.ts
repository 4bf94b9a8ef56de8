/**
 * How long a worker takes to come where none is. `stats:{model}` has `cold_since`, while somebody waits for one, and
 * `cold`, the mean of the latest (exponential, 1/2), both in milliseconds.
 */
export const coldStartLua = `
-- A job begins to wait where no worker is: from here until the first start is what a cold start takes.
local function beginCold(model, t)
  if redis.call('ZCOUNT', ns .. 'serving:' .. model, t, '+inf') > 0 then return end
  redis.call('HSETNX', ns .. 'stats:' .. model, 'cold_since', t)
end

-- A job starts.
local function endCold(model, t)
  local stats = ns .. 'stats:' .. model
  local r = redis.call('HMGET', stats, 'cold_since', 'cold')
  if not r[1] then return end
  local took = t - r[1]
  redis.call('HSET', stats, 'cold', r[2] and (r[2] + took) / 2 or took)
  redis.call('HDEL', stats, 'cold_since')
end
`
