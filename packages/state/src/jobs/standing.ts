import { jobScript } from '../lua/job.ts'
import type { Script } from '../redis/script.ts'
import type { Store } from '../redis/store.ts'

interface Throughput {
  /** Between two jobs that end, over all workers of the model. */
  secondsPerJob: number
  /** Of one worker per megapixel-step, all stages of a job together. */
  secondsPerCost: number
  workers: number
}

const measuredLua = `
local function measured(model)
  local r = redis.call('HMGET', ns .. 'stats:' .. model, 'seconds', 'cost')
  return { r[1], r[2], redis.call('ZCOUNT', ns .. 'serving:' .. model, now(), '+inf') }
end
`

/** ARGV: model. */
const measuredScript: Script = jobScript('pentimentoMeasured', ['no-writes'], `${measuredLua}return measured(ARGV[1])`)

/** What finished jobs of a model have shown; null before the first. */
export async function throughput(store: Store, model: string): Promise<Throughput | null> {
  return parseThroughput(await store.run(measuredScript, model))
}

function parseThroughput(answer: unknown): Throughput | null {
  const [seconds, cost, workers] = answer as [string | null, string | null, number]
  if (seconds === null || cost === null) return null
  const serving = Math.max(1, workers)
  return { secondsPerJob: Number(seconds) / serving, secondsPerCost: Number(seconds) / Number(cost), workers: serving }
}

/** Where a job that is not final stands, as `standingLua` tells it. */
interface Standing {
  /** Waiting jobs before it, those that workers hold prepared included; -1 when it runs. */
  place: number
  /** Waiting jobs of its model, what they cost together, and how many run. */
  waiting: number
  waitingCost: number
  running: number
  cost: number
  /** Seconds since its attempt began; 0 while it waits. */
  elapsed: number
  /** Of its model. */
  measured: Throughput | null
}

const standingLua = `
${measuredLua}
local function standing(id)
  local r = read(id, 'status', 'queue', 'model', 'cost', 'began')
  if not r[1] or isFinal(r[1]) then return {} end
  if r[1] == 'processing' then return { -1, 0, '0', 0, r[4], now() - (r[5] or now()), measured(r[3]) } end
  local rank = redis.call('ZRANK', r[2] .. 'prioritized', id)
  local waiting = redis.call('ZCARD', ns .. 'waiting:' .. r[3])
  local again = redis.call('LLEN', r[2] .. 'wait')
  local prepared = math.max(0, waiting - again - redis.call('ZCARD', r[2] .. 'prioritized') - redis.call('ZCARD', r[2] .. 'delayed'))
  local place = rank and rank + again + prepared or 0
  local running = math.max(0, redis.call('LLEN', r[2] .. 'active') - prepared)
  return { place, waiting, redis.call('HGET', ns .. 'stats:' .. r[3], 'waiting') or '0', running, r[4], 0, measured(r[3]) }
end
`

/** ARGV: ids. Answers where each stands. */
export const standingScript: Script = jobScript(
  'pentimentoStandings',
  ['no-writes'],
  `
${standingLua}
local found = {}
for i, id in ipairs(ARGV) do found[i] = standing(id) end
return found
`,
)

/** ARGV: tenant, 'open' or 'queued', how many of the tenant's jobs to look at. Answers where each stands. */
const placesScript: Script = jobScript(
  'pentimentoPlaces',
  ['no-writes'],
  `
${standingLua}
local found = {}
for _, id in ipairs(redis.call('SRANDMEMBER', ns .. ARGV[2] .. ':' .. ARGV[1], ARGV[3])) do found[#found + 1] = standing(id) end
return found
`,
)

/** Null for a job that is final or gone. */
export function parseStanding(answer: unknown): Standing | null {
  const [place, waiting, waitingCost, running, cost, elapsedMs, measured] = answer as unknown[]
  if (place === undefined) return null
  return {
    place: Number(place),
    waiting: Number(waiting),
    waitingCost: Number(waitingCost),
    running: Number(running),
    cost: Number(cost),
    elapsed: Number(elapsedMs) / 1000,
    measured: parseThroughput(measured),
  }
}

/** Seconds until a worker starts a waiting job, and until it is done. One that runs starts in none. */
export function estimate(one: Standing, measured: Throughput): { start: number; end: number } {
  const own = one.cost * measured.secondsPerCost
  if (one.place < 0) return { start: 0, end: Math.max(0, own - one.elapsed) }
  const ahead = one.waiting > 0 ? ((one.place * one.waitingCost) / one.waiting) * measured.secondsPerCost : 0
  // On average a running job is half done.
  const untilFree = one.running >= measured.workers ? measured.secondsPerJob / 2 : 0
  const start = ahead / measured.workers + untilFree
  return { start, end: start + own }
}

/** So many of a tenant's jobs tell how long it is until the first of them leaves; with more, the estimate is a little high. */
const sample = 16

/**
 * Seconds until one of the tenant's jobs has ended, or until one that waits has started; null while nothing is known of their models.
 */
export async function secondsUntilNext(store: Store, tenant: string, what: 'end' | 'start'): Promise<number | null> {
  const answers = (await store.run(placesScript, tenant, what === 'end' ? 'open' : 'queued', sample)) as unknown[]
  const places = answers.flatMap((answer) => parseStanding(answer) ?? [])
  const seconds = places.flatMap((place) => (place.measured ? estimate(place, place.measured)[what] : []))
  return seconds.length === 0 ? null : Math.min(...seconds)
}
