import { setTimeout as sleep } from 'node:timers/promises'
import { StorageUnavailable } from '@pentimento/storage'

const DELAYS_MS = [200, 1000, 3000]

/**
 * Repeats a storage call that failed for the storage's own reasons; throws its last `StorageUnavailable` when it keeps
 * failing.
 */
export async function retryStorage<T>(call: () => Promise<T>, delaysMs: readonly number[] = DELAYS_MS): Promise<T> {
  for (const delay of delaysMs) {
    try {
      return await call()
    } catch (error) {
      if (!(error instanceof StorageUnavailable)) throw error
      await sleep(delay)
    }
  }
  return await call()
}
