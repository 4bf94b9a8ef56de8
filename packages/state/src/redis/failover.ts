import type { Redis } from 'ioredis'
import { errorText } from './error-text.ts'

/**
 * Answers of a server that is not, or is no longer, the one to write to: demoted after a failover, cut off from its
 * master, being filled anew by it, or without the slot of our keys. Whoever connects again may be led to another.
 */
const demoted = /\b(READONLY|MASTERDOWN|LOADING|NOREPLICAS|CLUSTERDOWN|MOVED|UNBLOCKED)\b/

const betweenMs = 1000
/** A server that takes a connection and then says nothing for so long is frozen. */
const greetingMs = 3000

/**
 * The connections of a process, which leave a demoted server together: some of them, such as a subscription, would
 * never learn of it.
 */
export interface Failover {
  /** Has a connection leave with the others. */
  watch(redis: Redis): void
  /** Looks at an error; answers whether the connections were told to connect again. */
  heed(error: unknown): boolean
}

export function createFailover(now: () => number = () => performance.now()): Failover {
  const watched = new Set<Redis>()
  let left = Number.NEGATIVE_INFINITY

  function leave(): boolean {
    if (now() - left < betweenMs) return false
    left = now()
    for (const redis of watched) if (redis.status === 'ready') redis.disconnect(true)
    return true
  }

  return {
    watch(redis) {
      watched.add(redis)
      redis.once('end', () => watched.delete(redis))
      let greeting: NodeJS.Timeout | undefined
      redis.on('connect', () => {
        greeting = setTimeout(() => redis.disconnect(true), greetingMs).unref()
      })
      for (const over of ['ready', 'close']) redis.on(over, () => clearTimeout(greeting))
      // Only looks: ioredis itself neither connects again for it nor sends the command anew.
      redis.options.reconnectOnError = (error) => {
        if (demoted.test(error.message)) leave()
        return false
      }
    },
    heed: (error) =>
      /timed out|no answer within/i.test(errorText(error)) || demoted.test(errorText(error)) ? leave() : false,
  }
}
