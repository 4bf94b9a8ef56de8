import { jobScript } from '../lua/job.ts'
import type { Script } from '../redis/script.ts'

/** A worker got the work item, so the job is accepted, even if the submit has not come to say so yet. ARGV: id. Answers the start tag. */
export const takeScript: Script = jobScript(
  'pentimentoTake',
  ['allow-oom'],
  `
local r = read(ARGV[1], 'accepted', 'tag')
if r[1] == '0' then accept(ARGV[1], now()) end
return r[2] or '0'
`,
)

/**
 * ARGV: id, worker, token of this call (a repeated call answers the same), error JSON for a job whose attempts are used up.
 * An attempt that is still held belongs to a worker that is lost.
 */
export const startScript: Script = jobScript(
  'pentimentoStart',
  ['allow-oom'],
  `
local id, worker, token = ARGV[1], ARGV[2], ARGV[3]
local r = read(id, 'status', 'accepted', 'held', 'token', 'deadline', 'tenant', 'model', 'cost', 'tag', 'attempt', 'cancel')
if not r[1] or isFinal(r[1]) then return { 'final' } end
local t = now()
if r[3] == '1' and r[4] == token then return { 'started', tonumber(r[10]), record(id) } end
if r[2] == '0' then accept(id, t) end
if r[3] == '1' then
  local fate = endAttempt(id, t, 'loss', ARGV[4])
  if fate ~= 'retry' then return { fate == 'canceled' and 'canceled' or 'final' } end
elseif r[11] then
  finish(id, 'canceled', resultWithout('canceled'), t)
  return { 'canceled' }
elseif tonumber(r[5]) <= t then
  finish(id, 'expired', resultWithout('expired'), t)
  return { 'final' }
end
local attempt = redis.call('HINCRBY', key(id), 'attempt', 1)
redis.call('HSET', key(id), 'status', 'processing', 'held', '1', 'worker', worker, 'token', token, 'began', t)
redis.call('HSETNX', key(id), 'started', t)
waitNoMore(id, r[6], r[7], tonumber(r[8]))
redis.call('ZADD', ns .. 'live', t + 10000, id)
if r[9] then advance(tonumber(r[9])) end
publish(id, 'processing')
return { 'started', attempt, record(id) }
`,
)

/** ARGV: id, attempt, progress JSON. Answers 'go', 'cancel' or 'superseded', and the preview interval somebody asked for. */
export const progressScript: Script = jobScript(
  'pentimentoProgress',
  ['allow-oom'],
  `
local r = read(ARGV[1], 'held', 'attempt', 'cancel')
if r[1] ~= '1' or r[2] ~= ARGV[2] then return { 'superseded', 0 } end
redis.call('HSET', key(ARGV[1]), 'progress', ARGV[3])
redis.call('PUBLISH', ns .. 'events', '{"type":"progress","id":"' .. ARGV[1] .. '","progress":' .. ARGV[3] .. '}')
return { r[3] and 'cancel' or 'go', tonumber(redis.call('GET', ns .. 'preview:' .. ARGV[1]) or '0') }
`,
)

/**
 * ARGV: id, status, attempt, result JSON. 1 for the first caller, and again for the same caller's repeated call. A failure counts only from the attempt that
 * is held (an older one's must not end a newer one that may succeed), or with attempt 0 while none is.
 */
export const finishScript: Script = jobScript(
  'pentimentoFinish',
  ['allow-oom'],
  `
local id, status, attempt = ARGV[1], ARGV[2], ARGV[3]
local r = read(id, 'status', 'held', 'attempt', 'result', 'accepted')
if not r[1] then return 0 end
if isFinal(r[1]) then return r[4] == ARGV[4] and attempt ~= '0' and 1 or 0 end
if tonumber(attempt) > tonumber(r[3]) then return 0 end
if status == 'failed' then
  local fromHeld = attempt == r[3] and r[2] == '1'
  local beforeStart = attempt == '0' and r[2] == '0'
  if not fromHeld and not beforeStart then return 0 end
end
if r[5] == '0' then accept(id, now()) end
finish(id, status, ARGV[4], now())
return 1
`,
)

/** The attempt ends without a result. ARGV: id, attempt, 'crash' or 'release', error JSON. Answers 'retry', 'failed' or 'superseded'. */
export const endAttemptScript: Script = jobScript(
  'pentimentoEndAttempt',
  ['allow-oom'],
  `
local r = read(ARGV[1], 'status', 'held', 'attempt', 'result')
if not r[1] or r[3] ~= ARGV[2] then return 'superseded' end
if isFinal(r[1]) then return r[1] == 'failed' and 'failed' or 'superseded' end
-- Counted before: this call is a repeat, or the sweeper came first.
if r[2] ~= '1' then return 'retry' end
local fate = endAttempt(ARGV[1], now(), ARGV[3], ARGV[4])
return fate == 'canceled' and 'superseded' or fate
`,
)

/**
 * A worker noticed that it no longer holds the work item's lock, so it lives: the attempt goes back without blame, or the blame it got is taken off.
 * ARGV: id, worker.
 */
export const lostLockScript: Script = jobScript(
  'pentimentoLostLock',
  ['allow-oom'],
  `
local id, worker = ARGV[1], ARGV[2]
local r = read(id, 'status', 'held', 'worker', 'lost:' .. worker, 'crashes')
if not r[1] or isFinal(r[1]) then return end
if r[2] == '1' and r[3] == worker then
  endAttempt(id, now(), 'release')
elseif tonumber(r[4] or '0') > 0 and tonumber(r[5]) > 0 then
  redis.call('HINCRBY', key(id), 'lost:' .. worker, -1)
  redis.call('HINCRBY', key(id), 'crashes', -1)
end
`,
)
