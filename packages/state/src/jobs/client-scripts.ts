import { jobScript } from '../lua/job.ts'
import { webhookLua } from '../lua/webhook.ts'
import type { Script } from '../redis/script.ts'

/** ARGV: tenant, id. */
export const getScript: Script = jobScript('pentimentoGet', ['no-writes'], 'return lookUp(ARGV[1], ARGV[2])')

/** ARGV: tenant, id. Answers what became of it, the record or reason, and the work item's queue prefix. */
export const cancelScript: Script = jobScript(
  'pentimentoCancel',
  ['allow-oom'],
  `
local id = ARGV[2]
local seen = lookUp(ARGV[1], id)
if seen[1] ~= 'job' then return seen end
local r = read(id, 'status', 'held')
if isFinal(r[1]) then return { r[1] == 'canceled' and 'already_canceled' or 'already_final', seen[2] } end
local t = now()
redis.call('HSETNX', key(id), 'cancel', t)
if r[2] == '0' then finish(id, 'canceled', resultWithout('canceled'), t) end
tellWorkers(id)
return { r[2] == '0' and 'canceled' or 'requested', record(id) }
`,
)

/** ARGV: tenant, id, life of the tombstone (ms). */
export const eraseScript: Script = jobScript(
  'pentimentoErase',
  ['allow-oom'],
  `
${webhookLua}
local id = ARGV[2]
local seen = lookUp(ARGV[1], id)
if seen[1] ~= 'job' then return seen end
local r = read(id, 'status', 'tenant', 'created', 'cost', 'weight', 'tag', 'attempt', 'model')
if not isFinal(r[1]) then
  if r[7] == '0' then refund(id, r[2], tonumber(r[3]), tonumber(r[4]), tonumber(r[5]), r[6]) end
  publish(id, 'canceled')
end
forget(id, 'deleted', ARGV[3])
dropDeliveries(id)
tellWorkers(id)
return { 'erased', r[8] }
`,
)

/**
 * One page of a tenant's jobs, newest first. ARGV: tenant, limit, cursor's time or '+inf', cursor's id or '', since or '-inf', status, kind, model ('' = any),
 * how many jobs to look at. Answers records, and the place to go on from when there may be more.
 */
export const listScript: Script = jobScript(
  'pentimentoList',
  ['no-writes'],
  `
local index, limit = ns .. 'jobs:' .. ARGV[1], tonumber(ARGV[2])
local from, after, since = ARGV[3], ARGV[4], ARGV[5]
local left = tonumber(ARGV[9])
local t, found, offset = now(), {}, 0
local lastAt, lastId = from, after
while left > 0 do
  local batch = redis.call('ZRANGE', index, from, since, 'BYSCORE', 'REV', 'LIMIT', offset, math.min(100, left), 'WITHSCORES')
  if #batch == 0 then return { found } end
  for i = 1, #batch, 2 do
    local id, at = batch[i], batch[i + 1]
    -- Members of one score come in descending order of their names.
    if not (after ~= '' and at == from and id >= after) then
      local r = read(id, 'status', 'kind', 'model', 'expires')
      if r[1] and not (r[4] and tonumber(r[4]) <= t)
        and (ARGV[6] == '' or r[1] == ARGV[6]) and (ARGV[7] == '' or r[2] == ARGV[7]) and (ARGV[8] == '' or r[3] == ARGV[8]) then
        if #found == limit then return { found, lastAt, lastId } end
        found[#found + 1] = record(id)
      end
      lastAt, lastId = at, id
    end
  end
  offset = offset + #batch / 2
  left = left - #batch / 2
end
return { found, lastAt, lastId }
`,
)
