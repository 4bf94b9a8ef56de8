import { backlogSeconds, type Measured, measuredLua, parseService } from '../jobs/throughput.ts'
import { jobScript } from '../lua/job.ts'
import { type List, listOf } from '../redis/script.ts'
import type { Store } from '../redis/store.ts'
import type { WorkQueues } from '../work-items/work-queues.ts'
import type { QueueDepth } from './queue.ts'

interface Depth {
  waiting: number
  waitingCost: string
  active: number
  prepared: number
  oldestWaitMs: number
  measured: Measured
}

/** The depth of each queue, all as of one moment. */
const depthsScript = jobScript<{ queues: { model: string; keys: string }[] }, List<Depth>>(
  'pentimentoDepths',
  ['no-writes'],
  `
${measuredLua}
local found = {}
for i, queue in ipairs(input.queues) do
  local waiting = ns .. 'waiting:' .. queue.model
  local count, oldest = redis.call('ZCARD', waiting), redis.call('ZRANGE', waiting, 0, 0, 'WITHSCORES')
  found[i] = {
    waiting = count,
    waitingCost = redis.call('HGET', ns .. 'stats:' .. queue.model, 'waiting') or '0',
    active = itemsHeld(queue.keys),
    prepared = math.max(0, count - itemsUnheld(queue.keys)),
    oldestWaitMs = oldest[2] and math.max(0, now() - oldest[2]) or 0,
    measured = measured(queue.model),
  }
end
return found
`,
)

export async function depths(store: Store, queues: WorkQueues, models: readonly string[]): Promise<QueueDepth[]> {
  const input = models.map((model) => ({ model, keys: queues.keyPrefix(model) }))
  const found = listOf(await store.run(depthsScript, { queues: input }))
  return found.map(({ waiting, waitingCost, active, prepared, oldestWaitMs, measured }, i) => {
    const service = parseService(measured)
    const running = Math.max(0, active - prepared)
    return {
      model: models[i] ?? '',
      waiting,
      active,
      running,
      oldestWaitMs,
      backlogSeconds: backlogSeconds({ waitingCost: Number(waitingCost), running }, service),
      workers: service.workers,
    }
  })
}
