import { setTimeout as sleep } from 'node:timers/promises'
import type { Consumer, JobRecord, State } from '../index.ts'
import { succeeded } from './state.ts'

/**
 * A worker as the real one: one job runs, for `ms(job)`, and one lies prepared. `started` grows by each job when it starts.
 */
export function startSlotWorker(
  state: State,
  workerName: string,
  started: JobRecord[],
  ms: (job: JobRecord) => number,
): Promise<Consumer> {
  let slot = Promise.resolve()
  return state.queue.consume({
    model: 'still-life',
    workerName,
    handler: async (item) => {
      const turn = slot
      const free = Promise.withResolvers<void>()
      slot = free.promise
      await turn
      const start = await state.jobs.start(item.id, workerName)
      if (start.outcome === 'started') {
        started.push(start.job)
        await sleep(ms(start.job))
        await state.jobs.finish(item.id, succeeded(start.attempt))
      }
      free.resolve()
      return 'done'
    },
  })
}
