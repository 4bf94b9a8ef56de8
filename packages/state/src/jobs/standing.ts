import type { Store } from '../redis/store.ts'

export interface Throughput {
  /** Between two jobs that end, over all workers of the model. */
  secondsPerJob: number
  /** Of one worker per megapixel-step, all stages of a job together. */
  secondsPerCost: number
  workers: number
}

/** What finished jobs of a model have shown; null before the first. */
export async function throughput(store: Store, model: string): Promise<Throughput | null> {
  const [[seconds, cost], workers] = await store.call((redis) =>
    Promise.all([
      redis.hmget(`${store.prefix}stats:${model}`, 'seconds', 'cost'),
      redis.zcount(`${store.prefix}serving:${model}`, Date.now(), '+inf'),
    ]),
  )
  if (!seconds || !cost) return null
  const serving = Math.max(1, workers)
  return { secondsPerJob: Number(seconds) / serving, secondsPerCost: Number(seconds) / Number(cost), workers: serving }
}
