import { jobScript, type RecordFields, type Seen } from '../lua/job.ts'
import { webhookLua } from '../lua/webhook.ts'
import type { List } from '../redis/script.ts'

/** A job as its tenant names it. */
interface Named {
  tenant: string
  id: string
}

type Unseen = Exclude<Seen, { outcome: 'found' }>

export const getScript = jobScript<Named, Seen>('pentimentoGet', ['no-writes'], 'return lookUp(input.tenant, input.id)')

/** Answers what became of it, and the record. */
export const cancelScript = jobScript<
  Named,
  { outcome: 'canceled' | 'requested' | 'already_canceled' | 'already_final'; job: RecordFields } | Unseen
>(
  'pentimentoCancel',
  ['allow-oom'],
  `
local id = input.id
local seen = lookUp(input.tenant, id)
if seen.outcome ~= 'found' then return seen end
local r = read(id, 'status', 'held')
if isFinal(r[1]) then
  return { outcome = r[1] == 'canceled' and 'already_canceled' or 'already_final', job = seen.job }
end
local t = now()
redis.call('HSETNX', key(id), 'cancel', t)
if r[2] == '0' then finish(id, 'canceled', resultWithout('canceled'), t) end
tellWorkers(id)
return { outcome = r[2] == '0' and 'canceled' or 'requested', job = record(id) }
`,
)

/** Answers the model, whose queue may still have the work item. */
export const eraseScript = jobScript<Named & { tombstoneMs: number }, { outcome: 'erased'; model: string } | Unseen>(
  'pentimentoErase',
  ['allow-oom'],
  `
${webhookLua}
local id = input.id
local seen = lookUp(input.tenant, id)
if seen.outcome ~= 'found' then return seen end
local r = read(id, 'status', 'tenant', 'created', 'cost', 'weight', 'tag', 'attempt', 'model')
if not isFinal(r[1]) then
  if r[7] == '0' then refund(id, r[2], tonumber(r[3]), tonumber(r[4]), tonumber(r[5]), r[6]) end
  publish(id, 'canceled')
end
forget(id, 'deleted', input.tombstoneMs)
dropDeliveries(id)
tellWorkers(id)
return { outcome = 'erased', model = r[8] }
`,
)

interface Page {
  tenant: string
  limit: number
  /** Time and id of the job before the page; '+inf' and '' for the first page. */
  from: string
  after: string
  /** Time of the oldest job, or '-inf'. */
  since: string
  /** Any without. */
  status?: string | undefined
  kind?: string | undefined
  model?: string | undefined
  /** Id of the job that they were made of. */
  source?: string | undefined
  /** How many jobs to look at. */
  scan: number
}

/** One page of a tenant's jobs, newest first. Answers records, and the place to go on from when there may be more. */
export const listScript = jobScript<Page, { jobs: List<RecordFields>; at?: string; id?: string }>(
  'pentimentoList',
  ['no-writes'],
  `
local index, after, limit = ns .. 'jobs:' .. input.tenant, input.after, input.limit
local left, t, found, offset = input.scan, now(), {}, 0
local lastAt, lastId = input.from, after

local function matches(r)
  if not r[1] or r[5] and tonumber(r[5]) <= t then return false end
  for i, wanted in ipairs({ input.status or r[1], input.kind or r[2], input.model or r[3], input.source or r[4] }) do
    if r[i] ~= wanted then return false end
  end
  return true
end

while left > 0 do
  local batch = redis.call('ZRANGE', index, input.from, input.since, 'BYSCORE', 'REV',
    'LIMIT', offset, math.min(100, left), 'WITHSCORES')
  if #batch == 0 then return { jobs = found } end
  for i = 1, #batch, 2 do
    local id, at = batch[i], batch[i + 1]
    -- Members of one score come in descending order of their names.
    if not (after ~= '' and at == input.from and id >= after) then
      if matches(read(id, 'status', 'kind', 'model', 'source', 'expires')) then
        if #found == limit then return { jobs = found, at = lastAt, id = lastId } end
        found[#found + 1] = record(id)
      end
      lastAt, lastId = at, id
    end
  end
  offset = offset + #batch / 2
  left = left - #batch / 2
end
return { jobs = found, at = lastAt, id = lastId }
`,
)
