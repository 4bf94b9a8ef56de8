import { jobScript } from '../lua/job.ts'
import { type List, listOf } from '../redis/script.ts'
import type { Store } from '../redis/store.ts'
import type { QueueStanding } from './jobs.ts'
import { type Measured, measuredLua, parseService, type Service } from './throughput.ts'

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
  service: Service
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
    service: parseService(answer.measured),
  }
}

/** What a client is told of it. */
export function queueStanding(answer: StandingAnswer): QueueStanding {
  const standing = parseStanding(answer)
  if (standing === null || standing.place < 0) return { queuePosition: null, etaSeconds: null }
  const end = estimate(standing)?.end ?? null
  return { queuePosition: standing.place, etaSeconds: end === null ? null : Math.round(end * 10) / 10 }
}

/**
 * Seconds until a worker starts a waiting job, and until it is done; one that runs starts in none. Null while nothing
 * is known of its model, or of how long a worker takes to come where there is none.
 */
function estimate(one: Standing): { start: number; end: number } | null {
  const { throughput, slots, coldSeconds } = one.service
  if (throughput === null) return null
  const own = one.cost * throughput.secondsPerCost
  if (one.place < 0) return { start: 0, end: Math.max(0, own - one.elapsed) }
  if (coldSeconds === null) return null
  const ahead = one.waiting > 0 ? ((one.place * one.waitingCost) / one.waiting) * throughput.secondsPerCost : 0
  // On average a running job is half done.
  const untilFree = one.running >= slots ? throughput.secondsInSlot / slots / 2 : 0
  const start = coldSeconds + ahead / slots + untilFree
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
  const seconds = places.flatMap((place) => estimate(place)?.[what] ?? [])
  return seconds.length === 0 ? null : Math.min(...seconds)
}
