import { jobScript } from '../lua/job.ts'
import type { Script } from '../redis/script.ts'

/** ARGV: limit. Answers pairs of id and model. */
export const deadlinesScript: Script = jobScript(
  'pentimentoDeadlines',
  ['allow-oom'],
  `
local t, ended = now(), {}
for _, id in ipairs(redis.call('ZRANGE', ns .. 'deadlines', '-inf', t, 'BYSCORE', 'LIMIT', 0, ARGV[1])) do
  local r = read(id, 'status', 'model')
  if r[1] == 'queued' then
    finish(id, 'expired', resultWithout('expired'), t)
    ended[#ended + 1] = id
    ended[#ended + 1] = r[2]
  else
    redis.call('ZREM', ns .. 'deadlines', id)
  end
end
return ended
`,
)

/** ARGV: limit, life of the tombstone (ms). */
export const expiredScript: Script = jobScript(
  'pentimentoExpired',
  ['allow-oom'],
  `
local t, gone = now(), {}
for _, id in ipairs(redis.call('ZRANGE', ns .. 'expiry', '-inf', t, 'BYSCORE', 'LIMIT', 0, ARGV[1])) do
  local expires = tonumber(read(id, 'expires')[1] or '0')
  if redis.call('ZSCORE', ns .. 'unannounced', id) and t - expires < day then
    -- Nobody was there to queue its event: the record is needed for that.
    redis.call('ZADD', ns .. 'expiry', t + 5000, id)
  elseif expires > 0 then
    forget(id, 'expired', ARGV[2])
    gone[#gone + 1] = id
  else
    redis.call('ZREM', ns .. 'expiry', id)
  end
end
return gone
`,
)

/** ARGV: limit, grace after the lease (ms). Answers the ids that were dropped. */
export const pendingScript: Script = jobScript(
  'pentimentoPending',
  ['allow-oom'],
  `
local t, dropped = now(), {}
for _, id in ipairs(redis.call('ZRANGE', ns .. 'pending', '-inf', t - ARGV[2], 'BYSCORE', 'LIMIT', 0, ARGV[1])) do
  local r = read(id, 'accepted', 'queue')
  if r[1] == '0' and redis.call('EXISTS', r[2] .. id) == 1 then
    accept(id, t)
  elseif r[1] == '0' then
    drop(id)
    dropped[#dropped + 1] = id
  else
    redis.call('ZREM', ns .. 'pending', id)
  end
end
return dropped
`,
)

/** ARGV: limit, time until they come up again (ms). Answers ids with their tenants behind them. */
export const erasuresScript: Script = jobScript(
  'pentimentoErasures',
  ['allow-oom'],
  `
local t = now()
local due = redis.call('ZRANGE', ns .. 'erasures', '-inf', t, 'BYSCORE', 'LIMIT', 0, ARGV[1])
for _, member in ipairs(due) do redis.call('ZADD', ns .. 'erasures', t + ARGV[2], member) end
return due
`,
)

/**
 * Looks after jobs that are accepted and not final: an attempt whose work item has no lock any more is lost, a work item that is gone is to be written again.
 * ARGV: limit, error JSON. Answers by fours: id, tenant, model and what to do: 'requeue', 'remove' (a dead work item) or 'none'.
 */
export const lostScript: Script = jobScript(
  'pentimentoLost',
  ['allow-oom'],
  `
local t, found = now(), {}
for _, id in ipairs(redis.call('ZRANGE', ns .. 'live', '-inf', t, 'BYSCORE', 'LIMIT', 0, ARGV[1])) do
  local r = read(id, 'status', 'queue', 'held', 'tenant', 'model')
  -- Work items of waiting jobs vanish only with what a failover of Redis lost; workers may vanish at any time.
  redis.call('ZADD', ns .. 'live', t + (r[3] == '1' and 10000 or 60000), id)
  if not r[1] or isFinal(r[1]) then
    redis.call('ZREM', ns .. 'live', id)
  else
    local item = r[2] .. id
    local there = redis.call('EXISTS', item) == 1
    local failed = there and redis.call('ZSCORE', r[2] .. 'failed', id)
    local todo
    if failed then
      finish(id, 'failed', resultWithout('failed', ARGV[2]), t)
      todo = 'remove'
    else
      local fate = 'retry'
      if r[3] == '1' and redis.call('EXISTS', item .. ':lock') == 0 then
        fate = endAttempt(id, t, 'loss', ARGV[2])
        todo = 'none'
      end
      if fate ~= 'retry' then todo = 'remove' elseif not there then todo = 'requeue' end
    end
    -- Whoever is told may not come to do it.
    if todo == 'requeue' then redis.call('ZADD', ns .. 'live', t + 10000, id) end
    if todo then
      for _, word in ipairs({ id, r[4], r[5], todo }) do found[#found + 1] = word end
    end
  end
end
return found
`,
)
