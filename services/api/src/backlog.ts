import type { State } from '@pentimento/state'

/** What an autoscaler reads of the queues of one set of workers, as JSON. */
interface Backlog {
  models: string[]
  /** Seconds that one worker would need for what waits and runs. */
  seconds: number
  waiting: number
  running: number
  /** Of the model that has most. */
  workers: number
  oldest_wait_seconds: number
}

/** @returns the models that no worker has ever announced, where there are any */
export async function backlogOf(state: State, models: string[]): Promise<Backlog | { unknown: string[] }> {
  const catalogue = await state.workers.catalogue()
  const unknown = models.filter((model) => !catalogue.some(({ entry }) => entry.id === model))
  if (unknown.length > 0) return { unknown }
  const depths = await state.queue.depths(models)
  const sum = (of: (depth: (typeof depths)[number]) => number) => depths.reduce((total, depth) => total + of(depth), 0)
  return {
    models,
    seconds: Math.round(sum((depth) => depth.backlogSeconds) * 1000) / 1000,
    waiting: sum((depth) => depth.waiting),
    running: sum((depth) => depth.running),
    workers: Math.max(...depths.map((depth) => depth.workers)),
    oldest_wait_seconds: Math.max(...depths.map((depth) => depth.oldestWaitMs)) / 1000,
  }
}
