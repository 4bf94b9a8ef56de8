import { jobScript, type RecordFields } from '../lua/job.ts'

/**
 * A worker got the work item, so the job is accepted, even if the submit has not come to say so yet. Answers the start
 * tag.
 */
export const takeScript = jobScript<{ id: string }, string>(
  'pentimentoTake',
  ['allow-oom'],
  `
local r = read(input.id, 'accepted', 'tag')
if r[1] == '0' then accept(input.id, now()) end
return r[2] or '0'
`,
)

/**
 * An attempt that is still held belongs to a worker that is lost.
 *
 * @param input.token of this call: a repeated one answers the same
 * @param input.shares the worker may run others beside it
 * @param input.lost error JSON for a job whose attempts are used up
 */
export const startScript = jobScript<
  { id: string; worker: string; token: string; shares: boolean; lost: string },
  { outcome: 'started'; attempt: number; job: RecordFields } | { outcome: 'final' | 'canceled' }
>(
  'pentimentoStart',
  ['allow-oom'],
  `
local id = input.id
local r = read(id,
  'status', 'accepted', 'held', 'token', 'deadline', 'tenant', 'model', 'cost', 'tag', 'attempt', 'cancel')
if not r[1] or isFinal(r[1]) then return { outcome = 'final' } end
local t = now()
if r[3] == '1' and r[4] == input.token then
  return { outcome = 'started', attempt = tonumber(r[10]), job = record(id) }
end
if r[2] == '0' then accept(id, t) end
if r[3] == '1' then
  local fate = endAttempt(id, t, 'loss', input.lost)
  if fate ~= 'retry' then return { outcome = fate == 'canceled' and 'canceled' or 'final' } end
elseif r[11] then
  finish(id, 'canceled', resultWithout('canceled'), t)
  return { outcome = 'canceled' }
elseif tonumber(r[5]) <= t then
  finish(id, 'expired', resultWithout('expired'), t)
  return { outcome = 'final' }
end
local attempt = redis.call('HINCRBY', key(id), 'attempt', 1)
redis.call('HSET', key(id),
  'status', 'processing', 'held', '1', 'worker', input.worker, 'token', input.token, 'began', t,
  'shares', input.shares and '1' or '0')
redis.call('HSETNX', key(id), 'started', t)
endCold(r[7], t)
waitNoMore(id, r[6], r[7], tonumber(r[8]))
redis.call('ZADD', ns .. 'live', t + 10000, id)
if r[9] then advance(tonumber(r[9])) end
publish(id, 'processing')
return { outcome = 'started', attempt = attempt, job = record(id) }
`,
)

/** Takes the progress as JSON. Answers why to stop, and the preview interval somebody asked for. */
export const progressScript = jobScript<
  { id: string; attempt: number; progress: string },
  { stop?: 'cancel' | 'superseded'; previewEvery: number }
>(
  'pentimentoProgress',
  ['allow-oom'],
  `
local id, progress = input.id, input.progress
local r = read(id, 'held', 'attempt', 'cancel')
if r[1] ~= '1' or tonumber(r[2]) ~= input.attempt then return { stop = 'superseded', previewEvery = 0 } end
redis.call('HSET', key(id), 'progress', progress)
redis.call('PUBLISH', ns .. 'events', '{"type":"progress","id":"' .. id .. '","progress":' .. progress .. '}')
return { stop = r[3] and 'cancel' or nil, previewEvery = tonumber(redis.call('GET', ns .. 'preview:' .. id) or '0') }
`,
)

/**
 * Takes the result as JSON. True for the first caller, and again for the same caller's repeated call. A failure counts
 * only from the attempt that is held (an older one's must not end a newer one that may succeed), or with attempt 0
 * while none is.
 */
export const finishScript = jobScript<{ id: string; status: string; attempt: number; result: string }, boolean>(
  'pentimentoFinish',
  ['allow-oom'],
  `
local id, status, attempt, result = input.id, input.status, input.attempt, input.result
local r = read(id, 'status', 'held', 'attempt', 'result', 'accepted')
if not r[1] then return false end
if isFinal(r[1]) then return r[4] == result and attempt ~= 0 end
if attempt > tonumber(r[3]) then return false end
if status == 'failed' then
  local fromHeld = attempt == tonumber(r[3]) and r[2] == '1'
  local beforeStart = attempt == 0 and r[2] == '0'
  if not fromHeld and not beforeStart then return false end
end
if r[5] == '0' then accept(id, now()) end
finish(id, status, result, now())
return true
`,
)

/** The attempt ends without a result. Takes the error of a crash as JSON. */
export const endAttemptScript = jobScript<
  { id: string; attempt: number; how: 'crash' | 'shared' | 'release'; error: string },
  'retry' | 'failed' | 'superseded'
>(
  'pentimentoEndAttempt',
  ['allow-oom'],
  `
local r = read(input.id, 'status', 'held', 'attempt', 'result')
if not r[1] or tonumber(r[3]) ~= input.attempt then return 'superseded' end
if isFinal(r[1]) then return r[1] == 'failed' and 'failed' or 'superseded' end
-- Counted before: this call is a repeat, or the sweeper came first.
if r[2] ~= '1' then return 'retry' end
local fate = endAttempt(input.id, now(), input.how, input.error)
return fate == 'canceled' and 'superseded' or fate
`,
)

/**
 * A worker noticed that it no longer holds the work item's lock, so it lives: the attempt goes back without blame, or
 * the blame it got is taken off, and so is what it was to be alone for.
 */
export const lostLockScript = jobScript<{ id: string; worker: string }, null>(
  'pentimentoLostLock',
  ['allow-oom'],
  `
local id, worker = input.id, input.worker
local r = read(id, 'status', 'held', 'worker', 'lost:' .. worker, 'crashes', 'apart')
if not r[1] or isFinal(r[1]) then return end
if r[2] == '1' and r[3] == worker then
  endAttempt(id, now(), 'release')
elseif tonumber(r[4] or '0') > 0 and tonumber(r[5]) > 0 then
  redis.call('HINCRBY', key(id), 'lost:' .. worker, -1)
  redis.call('HINCRBY', key(id), 'crashes', -1)
elseif r[6] == worker then
  redis.call('HDEL', key(id), 'alone', 'apart')
end
`,
)
