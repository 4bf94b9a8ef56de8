import { setTimeout as delay } from 'node:timers/promises'
import { RangeNotSatisfiable, StorageUnavailable } from '../errors.ts'
import { isTransient } from './s3-error.ts'
import type { Limits } from './s3-options.ts'

const TRIES = 4
const FIRST_PAUSE_MS = 50

/**
 * Runs `work` until it succeeds, at most four times and not beyond the deadline, pausing about 50, 100 and 200 ms
 * between; every other end is `StorageUnavailable`. `work` gets a signal that fires when its time is up, and the number
 * of the try, from 1.
 */
export async function retrying<T>(
  operation: string,
  limits: Limits,
  work: (signal: AbortSignal, tries: number) => Promise<T>,
  bodyBytes = 0,
): Promise<T> {
  const allowance = bodyBytes / 1000 // a second per megabyte
  const end = Date.now() + limits.deadlineMs + allowance
  for (let tries = 1; ; tries++) {
    const ms = Math.min(limits.timeoutMs + allowance, end - Date.now())
    try {
      return await withTimeout(ms, (signal) => work(signal, tries))
    } catch (error) {
      if (error instanceof RangeNotSatisfiable || error instanceof StorageUnavailable) throw error
      const pause = FIRST_PAUSE_MS * 2 ** (tries - 1) * (0.5 + Math.random())
      const isWorthIt = isTransient(error) && tries < TRIES && Date.now() + pause < end
      if (isWorthIt) await delay(pause)
      // A busy process comes back from a pause too late.
      if (!isWorthIt || Date.now() >= end) throw new StorageUnavailable(operation, reasonOf(error))
    }
  }
}

async function withTimeout<T>(ms: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController()
  const timer = setTimeout(() => controller.abort(new Error(`no answer within ${Math.round(ms)} ms`)), ms)
  try {
    return await work(controller.signal)
  } finally {
    clearTimeout(timer)
  }
}

/** `fetch failed` hides what failed in its cause. */
function reasonOf(error: unknown): unknown {
  return error instanceof TypeError && error.cause !== undefined ? error.cause : error
}
