import { setTimeout as sleep } from 'node:timers/promises'
import { type WorkItem, workItem } from '@pentimento/contracts'
import { type Job as BullJob, DelayedError, WaitingError } from 'bullmq'
import type { Redis } from 'ioredis'
import { StateUnavailable } from '../errors.ts'
import { takeScript } from '../jobs/attempt-scripts.ts'
import type { Jobs } from '../jobs/jobs.ts'
import type { Store } from '../redis/store.ts'
import { wakeWorkers } from '../work-items/bullmq.ts'
import type { ConsumeOptions, Handled, StopReason } from './queue.ts'

/** After an unexpected exception the item waits a little, so that a broken dependency does not spin. */
const faultDelayMs = 2000

interface Consuming {
  connection: Redis
  /** Begins the names of the queue's keys. */
  queueKeys: string
  /** The handlers that run. */
  handlers: Set<Promise<Handled>>
}

/**
 * What BullMQ's worker calls with an item: runs the handler, and then gives the item back, lets it wait or lets it go.
 */
export function itemProcessor(
  { store, jobs, onError }: { store: Store; jobs: Jobs; onError(error: Error): void },
  options: Pick<ConsumeOptions, 'handler'>,
  { connection, queueKeys, handlers }: Consuming,
) {
  async function giveBack(item: BullJob<WorkItem>, token: string): Promise<never> {
    await item.moveToWait(token)
    await wakeWorkers(connection, queueKeys)
    throw new WaitingError()
  }

  async function waitALittle(item: BullJob<WorkItem>, token: string): Promise<never> {
    await item.moveToDelayed(Date.now() + faultDelayMs, token)
    throw new DelayedError()
  }

  /** An attempt that this worker had running when its handler threw counts as crashed. */
  async function countFault(id: string, tenant: string): Promise<boolean> {
    const record = await jobs.get(tenant, id)
    if (record === null || 'gone' in record) return true
    if (record.status !== 'processing') return record.result !== null
    const error = { code: 'internal_error', message: 'Something went wrong on our side.', retryable: true } as const
    return (await jobs.crashed(id, record.attempt, error)) !== 'retry'
  }

  // BullMQ looks at the number of parameters: without exactly three there is no signal.
  return async function process(
    item: BullJob<WorkItem>,
    token: string | undefined,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    if (token === undefined || signal === undefined) throw new Error('BullMQ gave no token or signal')
    const parsed = workItem.safeParse(item.data)
    // A newer version's item: another worker may know it, this one must not guess.
    if (!parsed.success) return waitALittle(item, token)
    let handled: Handled
    try {
      const tag = await store.run(takeScript, { id: parsed.data.id })
      const handling = options.handler({ ...parsed.data, tag: Number(tag) }, signal)
      handlers.add(handling)
      handled = await handling.finally(() => handlers.delete(handling))
    } catch (cause) {
      onError(cause instanceof Error ? cause : new Error(String(cause)))
      if (await untilAvailable(() => countFault(parsed.data.id, parsed.data.tenant), signal)) return
      return waitALittle(item, token)
    }
    if (handled === 'give-back') await giveBack(item, token)
  }
}

/** Repeats `work` while the state is not available and, with `signal`, the item is still ours. */
export async function untilAvailable<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  for (;;) {
    try {
      return await work()
    } catch (cause) {
      if (!(cause instanceof StateUnavailable) || signal?.reason === ('lost_lock' satisfies StopReason)) throw cause
      await sleep(500)
    }
  }
}
