import type { WorkItem } from '@pentimento/contracts'
import { Queue as BullQueue } from 'bullmq'
import { EnqueueUnknown, StateUnavailable } from '../errors.ts'
import { asUnavailable, defaultCommandTimeoutMs, surelyNotApplied } from '../redis/connection.ts'
import type { Store } from '../redis/store.ts'
import { queueKeys, queueName, queuePrefix } from './bullmq.ts'

/** BullMQ's queues, one per model. The work item is all that is kept in them; it may vanish without harm. */
export interface WorkQueues {
  /** Prefix of the keys of a model's queue, as scripts need it. */
  keyPrefix(model: string): string
  /** Adds a work item under the job's own id; an item that is there already stays as it is. */
  add(item: WorkItem, priority: number): Promise<void>
  /** Removes a work item that no worker holds; leaves others alone. */
  remove(model: string, id: string): Promise<void>
  close(): Promise<void>
}

export function createWorkQueues(
  store: Store,
  onError: (error: Error) => void,
  commandTimeoutMs = defaultCommandTimeoutMs,
): WorkQueues {
  const queues = new Map<string, BullQueue<WorkItem>>()

  function open(model: string): BullQueue<WorkItem> {
    let queue = queues.get(model)
    if (queue === undefined) {
      // Its own stream of events is not used: state changes are published by our scripts.
      queue = new BullQueue<WorkItem>(queueName(model), {
        connection: store.redis,
        prefix: queuePrefix(store.prefix),
        streams: { events: { maxLen: 100 } },
        defaultJobOptions: {
          removeOnComplete: true,
          removeOnFail: { age: 86_400, count: 1000 },
          sizeLimit: 1024,
          stackTraceLimit: 3,
          keepLogs: 0,
        },
      })
      queue.on('error', onError)
      queues.set(model, queue)
    }
    return queue
  }

  return {
    keyPrefix: (model) => queueKeys(store.prefix, model),

    async add(item, priority) {
      // BullMQ waits for a connection that is away; nobody who waits for an answer should.
      if (store.redis.status !== 'ready') throw new StateUnavailable('no connection')
      try {
        await within(commandTimeoutMs, open(item.model).add('job', item, { jobId: item.id, priority }))
      } catch (cause) {
        if (surelyNotApplied(cause)) throw asUnavailable(cause)
        throw new EnqueueUnknown({ cause })
      }
    },

    async remove(model, id) {
      if (store.redis.status !== 'ready') throw new StateUnavailable('no connection')
      await store.call(() => within(commandTimeoutMs, open(model).remove(id)))
    },

    async close() {
      await Promise.all([...queues.values()].map((queue) => queue.close()))
    },
  }
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${ms} ms`)), ms)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
