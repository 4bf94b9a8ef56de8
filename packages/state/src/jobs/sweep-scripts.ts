import { jobScript } from '../lua/job.ts'
import type { List } from '../redis/script.ts'

/** At most so many jobs. */
interface Limit {
  limit: number
}

/** Answers those that were ended. */
export const deadlinesScript = jobScript<Limit, List<{ id: string; model: string }>>(
  'pentimentoDeadlines',
  ['allow-oom'],
  `
local t, ended = now(), {}
for _, id in ipairs(redis.call('ZRANGE', ns .. 'deadlines', '-inf', t, 'BYSCORE', 'LIMIT', 0, input.limit)) do
  local r = read(id, 'status', 'model')
  if r[1] == 'queued' then
    finish(id, 'expired', resultWithout('expired'), t)
    ended[#ended + 1] = { id = id, model = r[2] }
  else
    redis.call('ZREM', ns .. 'deadlines', id)
  end
end
return ended
`,
)

/** Answers the ids of those that are gone now. */
export const expiredScript = jobScript<Limit & { tombstoneMs: number }, List<string>>(
  'pentimentoExpired',
  ['allow-oom'],
  `
local t, gone = now(), {}
for _, id in ipairs(redis.call('ZRANGE', ns .. 'expiry', '-inf', t, 'BYSCORE', 'LIMIT', 0, input.limit)) do
  local expires = tonumber(read(id, 'expires')[1] or '0')
  if redis.call('ZSCORE', ns .. 'unannounced', id) and t - expires < day then
    -- Nobody was there to queue its event: the record is needed for that.
    redis.call('ZADD', ns .. 'expiry', t + 5000, id)
  elseif expires > 0 then
    forget(id, 'expired', input.tombstoneMs)
    gone[#gone + 1] = id
  else
    redis.call('ZREM', ns .. 'expiry', id)
  end
end
return gone
`,
)

/** Of jobs whose lease ended so long ago. Answers the ids that were dropped. */
export const pendingScript = jobScript<Limit & { graceMs: number }, List<string>>(
  'pentimentoPending',
  ['allow-oom'],
  `
local t, dropped = now(), {}
local overdue = redis.call('ZRANGE', ns .. 'pending', '-inf', t - input.graceMs, 'BYSCORE', 'LIMIT', 0, input.limit)
for _, id in ipairs(overdue) do
  local r = read(id, 'accepted', 'queue')
  if r[1] == '0' and itemExists(r[2], id) then
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

/** Each comes up again after a while. Answers ids with their tenants behind them. */
export const erasuresScript = jobScript<Limit & { againMs: number }, List<string>>(
  'pentimentoErasures',
  ['allow-oom'],
  `
local t = now()
local due = redis.call('ZRANGE', ns .. 'erasures', '-inf', t, 'BYSCORE', 'LIMIT', 0, input.limit)
for _, member in ipairs(due) do redis.call('ZADD', ns .. 'erasures', t + input.againMs, member) end
return due
`,
)

/**
 * Looks after jobs that are accepted and not final: an attempt whose work item has no lock any more is lost, a work
 * item that is gone is to be written again. Takes the error of those that have used up their attempts as JSON. Answers
 * what is left to do: to 'remove' a dead work item, say.
 */
export const lostScript = jobScript<
  Limit & { error: string },
  List<{ id: string; tenant: string; model: string; todo: 'requeue' | 'remove' | 'none' }>
>(
  'pentimentoLost',
  ['allow-oom'],
  `
local t, found = now(), {}
for _, id in ipairs(redis.call('ZRANGE', ns .. 'live', '-inf', t, 'BYSCORE', 'LIMIT', 0, input.limit)) do
  local r = read(id, 'status', 'queue', 'held', 'tenant', 'model')
  -- Work items of waiting jobs vanish only with what a failover of Redis lost; workers may vanish at any time.
  redis.call('ZADD', ns .. 'live', t + (r[3] == '1' and 10000 or 60000), id)
  if not r[1] or isFinal(r[1]) then
    redis.call('ZREM', ns .. 'live', id)
  else
    local queue = r[2]
    local there = itemExists(queue, id)
    local todo
    if there and itemFailed(queue, id) then
      finish(id, 'failed', resultWithout('failed', input.error), t)
      todo = 'remove'
    else
      local fate = 'retry'
      if r[3] == '1' and not itemHeld(queue, id) then
        fate = endAttempt(id, t, 'loss', input.error)
        todo = 'none'
      end
      if fate ~= 'retry' then todo = 'remove' elseif not there then todo = 'requeue' end
    end
    -- Whoever is told may not come to do it.
    if todo == 'requeue' then redis.call('ZADD', ns .. 'live', t + 10000, id) end
    if todo then found[#found + 1] = { id = id, tenant = r[4], model = r[5], todo = todo } end
  end
end
return found
`,
)
