import type { RecordFields } from '../lua/job.ts'
import { webhookLua } from '../lua/webhook.ts'
import { type List, script } from '../redis/script.ts'

/** Takes the event as JSON, and '' for no job. An event that is known already stays as it is. */
export const enqueueScript = script<
  { id: string; lane: string; event: string; job: string; tenant: string; pendingLifeMs: number },
  null
>(
  'pentimentoDeliver',
  [],
  webhookLua,
  `
local id, lane, job = input.id, input.lane, input.job
local delivery = ns .. 'delivery:' .. id
-- The receiver has answered 410 to this job before, or the job was deleted while its event was on the way here.
local muted = job ~= '' and redis.call('EXISTS', ns .. 'muted:' .. job) == 1
if muted or redis.call('EXISTS', delivery) == 1 then return end
if string.sub(redis.call('GET', ns .. 'gone:' .. job) or '', 1, 7) == 'deleted' then return end
local t = now()
redis.call('HSET', delivery, 'event', input.event, 'host', lane, 'tenant', input.tenant, 'job', job,
  'state', 'pending', 'created', t, 'next', t, 'attempt', 0, 'tries', 0, 'log', '')
redis.call('PEXPIRE', delivery, input.pendingLifeMs)
redis.call('ZADD', ns .. 'due:' .. lane, t, id)
if job ~= '' then
  redis.call('ZADD', ns .. 'deliveries:' .. job, t, id)
  keepIndex(job, input.pendingLifeMs)
end
lookAt(lane)
`,
)

/** Sends again now, with all tries ahead. True when the delivery is known. */
export const replayScript = script<{ job: string; id: string; pendingLifeMs: number }, boolean>(
  'pentimentoReplay',
  [],
  webhookLua,
  `
local id, job = input.id, input.job
if not redis.call('ZSCORE', ns .. 'deliveries:' .. job, id) then return false end
local delivery = ns .. 'delivery:' .. id
local lane = redis.call('HGET', delivery, 'host')
if not lane then return false end
-- Under way at this moment: that is the replay.
if redis.call('ZSCORE', ns .. 'busy:' .. lane, id) then return true end
local t = now()
redis.call('HSET', delivery, 'state', 'pending', 'next', t, 'tries', 0)
redis.call('PEXPIRE', delivery, input.pendingLifeMs)
keepIndex(job, input.pendingLifeMs)
redis.call('ZADD', ns .. 'due:' .. lane, t, id)
lookAt(lane)
return true
`,
)

/** A job's deliveries, each with its hash. */
export const logScript = script<{ job: string }, List<{ id: string; fields: Record<string, string> }>>(
  'pentimentoDeliveries',
  ['no-writes'],
  `
local found = {}
for _, id in ipairs(redis.call('ZRANGE', ns .. 'deliveries:' .. input.job, 0, -1)) do
  local fields, known = fieldsOf(ns .. 'delivery:' .. id)
  if known then found[#found + 1] = { id = id, fields = fields } end
end
return found
`,
)

/** Final jobs whose event is to be queued. Each comes up again after a while until `announced`. */
export const unannouncedScript = script<{ limit: number; againMs: number }, List<RecordFields>>(
  'pentimentoUnannounced',
  ['allow-oom'],
  `
local t, found = now(), {}
for _, id in ipairs(redis.call('ZRANGE', ns .. 'unannounced', '-inf', t, 'BYSCORE', 'LIMIT', 0, input.limit)) do
  redis.call('ZADD', ns .. 'unannounced', t + input.againMs, id)
  local fields, known = fieldsOf(ns .. 'job:' .. id)
  if known then found[#found + 1] = fields else redis.call('ZREM', ns .. 'unannounced', id) end
end
return found
`,
)
