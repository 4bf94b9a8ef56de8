import { setTimeout as sleep } from 'node:timers/promises'
import { StateUnavailable } from '@pentimento/state'

/** Repeats a call until Redis is back, for two minutes: by then the job is somebody else's. */
export async function retryState<T>(call: () => Promise<T>, patienceMs = 120_000): Promise<T> {
  const until = performance.now() + patienceMs
  for (let delay = 100; ; delay = Math.min(delay * 2, 2000)) {
    try {
      return await call()
    } catch (error) {
      if (!(error instanceof StateUnavailable) || performance.now() + delay > until) throw error
      await sleep(delay)
    }
  }
}
