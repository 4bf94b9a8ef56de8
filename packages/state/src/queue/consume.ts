import { setTimeout as sleep } from 'node:timers/promises'
import type { WorkItem } from '@pentimento/contracts'
import { Worker } from 'bullmq'
import type { Redis } from 'ioredis'
import { lostLockScript } from '../jobs/attempt-scripts.ts'
import { workerLost } from '../jobs/context.ts'
import type { Jobs } from '../jobs/jobs.ts'
import type { Subscriptions } from '../jobs/subscriptions.ts'
import type { Store } from '../redis/store.ts'
import { throttleErrors } from '../redis/throttle-errors.ts'
import { queueName, queuePrefix } from '../work-items/bullmq.ts'
import type { WorkQueues } from '../work-items/work-queues.ts'
import { itemProcessor, untilAvailable } from './process-item.ts'
import type { ConsumeOptions, Consumer, Handled, StopReason } from './queue.ts'

export interface ConsumeContext {
  store: Store
  jobs: Jobs
  queues: WorkQueues
  subscriptions: Subscriptions
  /** The patient connection, opened for the first consumer. */
  consumerClient(): Redis
  lockMs: number
  stalledMs: number
  onError(error: Error): void
}

/** How long giving items back may take at a shutdown. */
const giveBackMs = 3000
/**
 * Losses of a worker that an item survives in all; attempts that had started are counted, and limited, by the record.
 */
const maxStalledCount = 3

/** Takes work items of one model's queue, `hold` at a time, and keeps their locks while `handler` runs. */
export async function consume(context: ConsumeContext, options: ConsumeOptions): Promise<Consumer> {
  const { store, jobs, onError } = context
  const connection = context.consumerClient()
  const queueKeys = context.queues.keyPrefix(options.model)
  const handlers = new Set<Promise<Handled>>()
  let closing = false

  const process = itemProcessor(context, options, { connection, queueKeys, handlers })
  const worker = new Worker<WorkItem, void>(queueName(options.model), process, {
    connection,
    prefix: queuePrefix(store.prefix),
    name: options.workerName,
    concurrency: options.hold ?? 2,
    lockDuration: context.lockMs,
    stalledInterval: context.stalledMs,
    maxStalledCount,
    drainDelay: 5,
    runRetryDelay: 1000,
    autorun: false,
  })
  worker.on('error', throttleErrors(onError))
  worker.on('lockRenewalFailed', (ids) => {
    for (const id of ids) {
      worker.cancelJob(id, 'lost_lock' satisfies StopReason)
      untilAvailable(() => store.run(lostLockScript, { id, worker: options.workerName })).catch(onError)
    }
  })
  // BullMQ failed the item itself, because it stalled too often: so has the job.
  worker.on('failed', (item) => {
    if (item?.id === undefined) return
    jobs
      .finish(item.id, { status: 'failed', attempt: 0, images: [], error: workerLost, warnings: [], metrics: null })
      .catch(onError)
  })
  const forgetControl = await context.subscriptions.onControl((id) => {
    worker.cancelJob(id, 'cancel' satisfies StopReason)
  })
  await worker.waitUntilReady()
  worker.run().catch(onError)

  async function close(abort: boolean): Promise<void> {
    closing = true
    const closed = worker.close().finally(forgetControl)
    if (!abort) return closed
    worker.cancelAllJobs('shutdown' satisfies StopReason)
    // Without Redis the items cannot be given back: their locks run out. The connections end with the state's.
    await Promise.race([closed, Promise.allSettled(handlers).then(() => sleep(giveBackMs, undefined, { ref: false }))])
  }

  return {
    async hold(items) {
      if (items === worker.concurrency || closing) return
      const more = items > worker.concurrency
      worker.concurrency = items
      if (!more) return
      // The loop may be waiting for a running job; this makes it look for items again.
      await worker.pause(true)
      await worker.resume()
    },
    drain: () => close(false),
    shutdown: () => close(true),
  }
}
