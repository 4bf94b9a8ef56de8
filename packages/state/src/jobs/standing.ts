import { jobScript } from '../lua/job.ts'
import { type List, listOf } from '../redis/script.ts'
import type { Store } from '../redis/store.ts'
import type { QueueStanding } from './jobs.ts'

interface Throughput {
  /** Between two jobs that end, over all workers of the model. */
  secondsPerJob: number
  /** In one slot of a worker per megapixel-step, all stages of a job together. */
  secondsPerCost: number
  /** Jobs that the workers of the model run at once. */
  slots: number
}

/** As a script answers it: numbers with all their digits, and none before the first job has ended. */
interface Measured {
  seconds?: string
  cost?: string
  slots: number
}

const measuredLua = `
local function measured(model)
  local r = redis.call('HMGET', ns .. 'stats:' .. model, 'seconds', 'cost')
  local workers, slots = redis.call('ZRANGE', ns .. 'serving:' .. model, now(), '+inf', 'BYSCORE'), 0
  for _, worker in ipairs(workers) do slots = slots + tonumber(redis.call('HGET', ns .. 'slots', worker) or '1') end
  return { seconds = r[1] or nil, cost = r[2] or nil, slots = slots }
end
`

const measuredScript = jobScript<{ model: string }, Measured>(
  'pentimentoMeasured',
  ['no-writes'],
  `${measuredLua}return measured(input.model)`,
)

/** What finished jobs of a model have shown; null before the first. */
export async function throughput(store: Store, model: string): Promise<Throughput | null> {
  return parseThroughput(await store.run(measuredScript, { model }))
}

function parseThroughput({ seconds, cost, slots }: Measured): Throughput | null {
  if (seconds === undefined || cost === undefined) return null
  const serving = Math.max(1, slots)
  return { secondsPerJob: Number(seconds) / serving, secondsPerCost: Number(seconds) / Number(cost), slots: serving }
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

/** As a script answers it; empty for a job that is final or gone. */
export type StandingAnswer =
  | {
      place: number
      waiting: number
      waitingCost: string
      running: number
      cost: string
      elapsedMs: number
      measured: Measured
    }
  | { place?: undefined }

export const standingLua = `
${measuredLua}
local function standing(id)
  local r = read(id, 'status', 'queue', 'model', 'cost', 'began')
  if not r[1] or isFinal(r[1]) then return {} end
  local queue, model = r[2], r[3]
  if r[1] == 'processing' then
    local elapsed = now() - (r[5] or now())
    return {
      place = -1, waiting = 0, waitingCost = '0', running = 0,
      cost = r[4], elapsedMs = elapsed, measured = measured(model),
    }
  end
  local rank = itemRank(queue, id)
  local waiting = redis.call('ZCARD', ns .. 'waiting:' .. model)
  local prepared = math.max(0, waiting - itemsUnheld(queue))
  return {
    place = rank and rank + itemsPutBack(queue) + prepared or 0,
    waiting = waiting,
    waitingCost = redis.call('HGET', ns .. 'stats:' .. model, 'waiting') or '0',
    running = math.max(0, itemsHeld(queue) - prepared),
    cost = r[4],
    elapsedMs = 0,
    measured = measured(model),
  }
end
`

/** Where each of the jobs stands. */
export const standingScript = jobScript<{ ids: string[] }, List<StandingAnswer>>(
  'pentimentoStandings',
  ['no-writes'],
  `
${standingLua}
local found = {}
for i, id in ipairs(input.ids) do found[i] = standing(id) end
return found
`,
)

/** Where some of the tenant's jobs stand, of those that are open or wait. */
const placesScript = jobScript<{ tenant: string; which: 'open' | 'queued'; sample: number }, List<StandingAnswer>>(
  'pentimentoPlaces',
  ['no-writes'],
  `
${standingLua}
local found = {}
local sample = redis.call('SRANDMEMBER', ns .. input.which .. ':' .. input.tenant, input.sample)
for _, id in ipairs(sample) do found[#found + 1] = standing(id) end
return found
`,
)

/** Null for a job that is final or gone. */
function parseStanding(answer: StandingAnswer): Standing | null {
  if (answer.place === undefined) return null
  return {
    place: answer.place,
    waiting: answer.waiting,
    waitingCost: Number(answer.waitingCost),
    running: answer.running,
    cost: Number(answer.cost),
    elapsed: answer.elapsedMs / 1000,
    measured: parseThroughput(answer.measured),
  }
}

/** What a client is told of it. */
export function queueStanding(answer: StandingAnswer): QueueStanding {
  const standing = parseStanding(answer)
  if (standing === null || standing.place < 0) return { queuePosition: null, etaSeconds: null }
  if (standing.measured === null) return { queuePosition: standing.place, etaSeconds: null }
  const { end } = estimate(standing, standing.measured)
  return { queuePosition: standing.place, etaSeconds: Math.round(end * 10) / 10 }
}

/** Seconds until a worker starts a waiting job, and until it is done. One that runs starts in none. */
function estimate(one: Standing, measured: Throughput): { start: number; end: number } {
  const own = one.cost * measured.secondsPerCost
  if (one.place < 0) return { start: 0, end: Math.max(0, own - one.elapsed) }
  const ahead = one.waiting > 0 ? ((one.place * one.waitingCost) / one.waiting) * measured.secondsPerCost : 0
  // On average a running job is half done.
  const untilFree = one.running >= measured.slots ? measured.secondsPerJob / 2 : 0
  const start = ahead / measured.slots + untilFree
  return { start, end: start + own }
}

/**
 * So many of a tenant's jobs tell how long it is until the first of them leaves; with more, the estimate is a little
 * high.
 */
const sample = 16

/**
 * Seconds until one of the tenant's jobs has ended, or until one that waits has started; null while nothing is known of
 * their models.
 */
export async function secondsUntilNext(store: Store, tenant: string, what: 'end' | 'start'): Promise<number | null> {
  const which = what === 'end' ? 'open' : 'queued'
  const places = listOf(await store.run(placesScript, { tenant, which, sample })).flatMap(
    (answer) => parseStanding(answer) ?? [],
  )
  const seconds = places.flatMap((place) => (place.measured ? estimate(place, place.measured)[what] : []))
  return seconds.length === 0 ? null : Math.min(...seconds)
}
