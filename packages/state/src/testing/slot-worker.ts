import { setTimeout as sleep } from 'node:timers/promises'
import type { Consumer, JobRecord, State } from '../index.ts'
import { succeeded } from './state.ts'

/**
 * A worker as the real one: `slots` jobs run, and one lies prepared. A job takes `ms(job)` alone, and as many times as
 * long as there are slots, since all of them share a device. `started` grows by each job when it starts.
 */
export function startSlotWorker(
  state: State,
  workerName: string,
  started: JobRecord[],
  ms: (job: JobRecord) => number,
  slots = 1,
): Promise<Consumer> {
  let free = slots
  const waiting: (() => void)[] = []
  const slot = async (): Promise<void> => {
    if (free === 0) return new Promise((resolve) => waiting.push(resolve))
    free--
  }
  return state.queue.consume({
    model: 'still-life',
    workerName,
    hold: slots + 1,
    handler: async (item) => {
      await slot()
      const start = await state.jobs.start(item.id, workerName)
      if (start.outcome === 'started') {
        started.push(start.job)
        await sleep(ms(start.job) * slots)
        await state.jobs.finish(item.id, succeeded(start.attempt))
      }
      const next = waiting.shift()
      if (next) next()
      else free++
      return 'done'
    },
  })
}
