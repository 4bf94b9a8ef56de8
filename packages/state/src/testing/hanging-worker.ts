import { openState } from '../open-state.ts'

/**
 * A worker process that never finishes a job: takes two items, starts them unless told otherwise, and tells its parent
 * of each.
 */
const [redisUrl = '', namespace = '', prepareOnly] = process.argv.slice(2)
const state = await openState({ redisUrl, namespace, lockMs: 2000, stalledMs: 1000, onError: () => undefined })
await state.queue.consume({
  model: 'still-life',
  workerName: `hanging-${process.pid}`,
  handler: async (item) => {
    if (prepareOnly !== 'true') await state.jobs.start(item.id, `hanging-${process.pid}`)
    process.send?.(item.id)
    return new Promise(() => undefined)
  },
})
