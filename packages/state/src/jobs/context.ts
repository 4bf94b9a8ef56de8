import type { JobError } from '@pentimento/contracts'
import type { Store } from '../redis/store.ts'
import type { QueueCapacity } from '../work-items/queue-capacity.ts'
import type { WorkQueues } from '../work-items/work-queues.ts'
import type { Subscriptions } from './subscriptions.ts'

export interface JobContext {
  store: Store
  queues: WorkQueues
  subscriptions: Subscriptions
  capacity: QueueCapacity
  onError(error: Error): void
}

/** What a job fails with when its worker vanished for the last time it was allowed to. */
export const workerLost: JobError = {
  code: 'engine_crashed',
  message: 'The worker that ran this job was lost twice.',
  retryable: true,
}

/** The work item of a job that has ended is only in the way; workers drop it anyway. */
export async function removeItem(context: JobContext, model: string, id: string): Promise<void> {
  try {
    await context.queues.remove(model, id)
  } catch (error) {
    context.onError(error instanceof Error ? error : new Error(String(error)))
  }
}
