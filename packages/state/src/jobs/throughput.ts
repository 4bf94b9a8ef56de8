import { jobScript } from '../lua/job.ts'
import type { Store } from '../redis/store.ts'

/** What finished jobs of a model have shown. */
interface Throughput {
  /** Of a job in its slot, from its start to its end. */
  secondsInSlot: number
  /** In one slot of a worker per megapixel-step, all stages of a job together. */
  secondsPerCost: number
}

/** What a model's queue is worked off with. */
export interface Service {
  /** Null before the first job has ended. */
  throughput: Throughput | null
  workers: number
  /** Jobs that the workers of the model run at once, together; where there is none, those of one. */
  slots: number
  /** Of one worker: where there is none, of the last that was there. */
  slotsOfWorker: number
  /**
   * Seconds until a worker is there: 0 where one is, null where there is none and nobody ever had to wait for one.
   */
  coldSeconds: number | null
}

/** As a script answers it: numbers with all their digits, and none before the first job has ended. */
export interface Measured {
  seconds?: string
  cost?: string
  workers: number
  slots: number
  /** Of the last worker that announced itself. */
  slotsOfWorker?: string
  /** Milliseconds that a cold start took, and since when one is under way. */
  cold?: string
  coldForMs?: number
}

export const measuredLua = `
local function measured(model)
  local r = redis.call('HMGET', ns .. 'stats:' .. model, 'seconds', 'cost', 'slots', 'cold', 'cold_since')
  local workers, slots = redis.call('ZRANGE', ns .. 'serving:' .. model, now(), '+inf', 'BYSCORE'), 0
  for _, worker in ipairs(workers) do slots = slots + tonumber(redis.call('HGET', ns .. 'slots', worker) or '1') end
  return {
    seconds = r[1] or nil, cost = r[2] or nil, workers = #workers, slots = slots, slotsOfWorker = r[3] or nil,
    cold = r[4] or nil, coldForMs = r[5] and now() - r[5] or nil,
  }
end
`

const measuredScript = jobScript<{ model: string }, Measured>(
  'pentimentoMeasured',
  ['no-writes'],
  `${measuredLua}return measured(input.model)`,
)

/** Mean seconds between two jobs of a model that end, over all its workers; null before the first has ended. */
export async function secondsPerJob(store: Store, model: string): Promise<number | null> {
  const { throughput, slots } = parseService(await store.run(measuredScript, { model }))
  return throughput === null ? null : throughput.secondsInSlot / slots
}

export function parseService({ seconds, cost, workers, slots, slotsOfWorker, cold, coldForMs }: Measured): Service {
  const throughput =
    seconds === undefined || cost === undefined
      ? null
      : { secondsInSlot: Number(seconds), secondsPerCost: Number(seconds) / Number(cost) }
  const ofWorker = workers > 0 ? slots / workers : Number(slotsOfWorker ?? 1)
  const isWarm = workers > 0 && coldForMs === undefined
  const coldLeft = cold === undefined ? null : Math.max(0, Number(cold) - (coldForMs ?? 0)) / 1000
  return {
    throughput,
    workers,
    slots: workers > 0 ? Math.max(1, slots) : ofWorker,
    slotsOfWorker: Math.max(1, ofWorker),
    coldSeconds: isWarm ? 0 : coldLeft,
  }
}

/**
 * Stands for what nothing is known of: a megapixel-step as `jobCost` weighs it, and a second for a job that runs.
 * Enough to wake a worker, and too little to wake a crowd.
 */
const assumed: Throughput = { secondsInSlot: 2, secondsPerCost: 0.1 }

/**
 * Seconds that one worker would need for what waits and what runs: divided by the seconds of work that a worker should
 * have before it, the workers that are needed. A running job is on average half done.
 *
 * @param waitingCost of all waiting jobs together, in megapixel-steps
 */
export function backlogSeconds(
  { waitingCost, running }: { waitingCost: number; running: number },
  { throughput, slotsOfWorker }: Pick<Service, 'throughput' | 'slotsOfWorker'>,
): number {
  const { secondsInSlot, secondsPerCost } = throughput ?? assumed
  return (waitingCost * secondsPerCost + (running * secondsInSlot) / 2) / slotsOfWorker
}
