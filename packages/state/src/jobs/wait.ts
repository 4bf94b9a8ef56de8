import { isFinal } from '@pentimento/contracts'
import type { JobLookup } from './record.ts'

/** Longest time for which a missed event goes unnoticed. */
const recheckMs = 3000

/**
 * Reads the job until it is final, gone, or the time is up. Events only say when to look; the record is what counts.
 */
export async function waitForFinal(
  read: () => Promise<JobLookup>,
  subscribe: (wake: () => void) => () => void,
  options: { timeoutMs: number; signal?: AbortSignal },
): Promise<JobLookup> {
  const end = performance.now() + options.timeoutMs
  let woken = Promise.withResolvers<void>()
  const unsubscribe = subscribe(() => woken.resolve())
  const abort = () => woken.resolve()
  options.signal?.addEventListener('abort', abort)
  try {
    for (;;) {
      woken = Promise.withResolvers<void>()
      const found = await read()
      const left = end - performance.now()
      if (found === null || 'gone' in found || isFinal(found.status) || left <= 0 || options.signal?.aborted)
        return found
      const timer = setTimeout(woken.resolve, Math.min(left, recheckMs))
      await woken.promise
      clearTimeout(timer)
    }
  } finally {
    unsubscribe()
    options.signal?.removeEventListener('abort', abort)
  }
}
