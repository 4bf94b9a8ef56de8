import type { BenchCluster } from './cluster.ts'
import { infoOf, scrape } from './figures.ts'

export interface MemorySample {
  /** Seconds since the watch began. */
  at: number
  apiBytes: number
  redisBytes: number
}

/** Memory of api and Redis, looked at every `everyMs` until `stop`. */
export function watchMemory(cluster: BenchCluster, everyMs: number): { stop(): MemorySample[] } {
  const samples: MemorySample[] = []
  const started = performance.now()
  const look = async () => {
    const at = (performance.now() - started) / 1000
    const [api, redis] = await Promise.all([scrape(cluster.metrics.api), infoOf(cluster.redis, 'memory')])
    samples.push({
      at,
      apiBytes: api.get('pentimento_api_process_resident_memory_bytes') ?? Number.NaN,
      redisBytes: Number(redis.used_memory),
    })
  }
  const timer = setInterval(() => void look().catch(() => {}), everyMs)
  return {
    stop() {
      clearInterval(timer)
      return samples
    },
  }
}

/** Growth over the second half of the samples, by a straight line through them, as a share of their mean. */
export function growth(samples: readonly MemorySample[], of: 'apiBytes' | 'redisBytes'): number {
  const half = samples.slice(Math.floor(samples.length / 2))
  const n = half.length
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / n
  const [x, y] = [mean(half.map(({ at }) => at)), mean(half.map((sample) => sample[of]))]
  const covariance = half.reduce((sum, sample) => sum + (sample.at - x) * (sample[of] - y), 0)
  const variance = half.reduce((sum, sample) => sum + (sample.at - x) ** 2, 0)
  const span = (half.at(-1)?.at ?? 0) - (half[0]?.at ?? 0)
  return ((covariance / variance) * span) / y
}
