import { secondsPerJob } from '../jobs/throughput.ts'
import type { QueueCapacity } from '../work-items/queue-capacity.ts'
import { type ConsumeContext, consume } from './consume.ts'
import { depths } from './depths.ts'
import type { Queue } from './queue.ts'

interface QueueContext extends ConsumeContext {
  capacity: QueueCapacity
}

export function createQueue(context: QueueContext): Queue {
  const { store, queues, capacity } = context
  return {
    consume: (options) => consume(context, options),

    depths: (models) => depths(store, queues, models),

    async full(models, maxDepth) {
      if (models.length === 0 || capacity.seen(models)) return { full: false, seconds: 0 }
      const counts = await store.call((redis) =>
        Promise.all(models.map((model) => redis.zcard(`${store.prefix}waiting:${model}`))),
      )
      const open = models.filter((_, i) => Number(counts[i]) < maxDepth)
      open.forEach(capacity.remember)
      if (open.length > 0) return { full: false, seconds: 0 }
      const measured = await Promise.all(models.map((model) => secondsPerJob(store, model)))
      const known = measured.filter((seconds) => seconds !== null)
      return { full: true, seconds: known.length === 0 ? null : Math.min(...known) }
    },
  }
}
