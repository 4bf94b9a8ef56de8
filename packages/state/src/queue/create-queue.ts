import { throughput } from '../jobs/standing.ts'
import { countHeld } from '../work-items/bullmq.ts'
import type { QueueCapacity } from '../work-items/queue-capacity.ts'
import { type ConsumeContext, consume } from './consume.ts'
import type { Queue } from './queue.ts'

interface QueueContext extends ConsumeContext {
  capacity: QueueCapacity
}

export function createQueue(context: QueueContext): Queue {
  const { store, queues, capacity } = context
  return {
    consume: (options) => consume(context, options),

    async depths(models) {
      return store.call((redis) =>
        Promise.all(
          models.map(async (model) => {
            const waitingKey = `${store.prefix}waiting:${model}`
            const [waiting, oldest, active] = await Promise.all([
              redis.zcard(waitingKey),
              redis.zrange(waitingKey, '0', '0', 'WITHSCORES'),
              countHeld(redis, queues.keyPrefix(model)),
            ])
            const since = Number(oldest[1] ?? Number.NaN)
            return { model, waiting, active, oldestWaitMs: Number.isNaN(since) ? 0 : Math.max(0, Date.now() - since) }
          }),
        ),
      )
    },

    async full(models, maxDepth) {
      if (models.length === 0 || capacity.seen(models)) return { full: false, seconds: 0 }
      const depths = await store.call((redis) =>
        Promise.all(models.map((model) => redis.zcard(`${store.prefix}waiting:${model}`))),
      )
      const open = models.filter((_, i) => Number(depths[i]) < maxDepth)
      open.forEach(capacity.remember)
      if (open.length > 0) return { full: false, seconds: 0 }
      const measured = await Promise.all(models.map((model) => throughput(store, model)))
      const known = measured.flatMap((one) => one?.secondsPerJob ?? [])
      return { full: true, seconds: known.length === 0 ? null : Math.min(...known) }
    },
  }
}
