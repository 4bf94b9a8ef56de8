import { openState } from '../open-state.ts'
import { succeeded } from './state.ts'

/**
 * A worker process that runs jobs of 50 ms, two at a time, until it is killed. Tells its parent of each result that was
 * published.
 */
const [redisUrl = '', namespace = ''] = process.argv.slice(2)
const workerId = `worker-${process.pid}`
const state = await openState({ redisUrl, namespace, lockMs: 2000, stalledMs: 1000, onError: () => undefined })
await state.queue.consume({
  model: 'still-life',
  workerName: workerId,
  handler: async (item) => {
    const started = await state.jobs.start(item.id, workerId)
    if (started.outcome !== 'started') return 'done'
    await new Promise((resolve) => setTimeout(resolve, 50))
    if (await state.jobs.finish(item.id, succeeded(started.attempt))) process.send?.(item.id)
    return 'done'
  },
})
