import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { StateUnavailable } from '../errors.ts'
import type { Failover } from './failover.ts'

const retryStrategy = (times: number): number => Math.min(100 * 2 ** times, 2000)

/** How long a command of the fail-fast connection may take. */
export const commandTimeoutMs = 2000

/** For everything a client waits for: fails at once while Redis is away, and after 2 s when it hangs. */
const failFast = {
  maxRetriesPerRequest: 1,
  enableOfflineQueue: false,
  connectTimeout: 2000,
  commandTimeout: commandTimeoutMs,
  retryStrategy,
  lazyConnect: true,
}

/** For blocking reads and subscriptions: waits for Redis to come back (BullMQ insists on null). */
const patient = { maxRetriesPerRequest: null, retryStrategy, lazyConnect: true }

/**
 * A connected fail-fast client. Rejects with `StateUnavailable` when Redis is too old, and when it cannot be reached:
 * after one attempt of at most 3 s, or after as many as begin within `patienceMs`.
 */
export async function connectFailFast(
  url: string,
  onError: (error: Error) => void,
  failover: Failover,
  patienceMs = 0,
): Promise<Redis> {
  const redis = await firstConnection(url, onError, performance.now() + patienceMs)
  failover.watch(redis)
  const info = await redis.info('server').catch((cause: Error) => {
    redis.disconnect()
    throw new StateUnavailable(cause.message, { cause })
  })
  const major = Number(/^redis_version:(\d+)/m.exec(info)?.[1])
  if (major >= 7) return redis
  redis.disconnect()
  throw new StateUnavailable(`Redis 7 or newer is needed, this is ${major}`)
}

async function firstConnection(url: string, onError: (error: Error) => void, until: number): Promise<Redis> {
  for (;;) {
    const redis = new Redis(url, failFast)
    // `connect` rejects with no more than that the connection is closed.
    let reason: Error | undefined
    redis.on('error', (error) => {
      reason = error
      onError(error)
    })
    const late = Promise.withResolvers<never>()
    const timer = setTimeout(() => late.reject(new Error('no connection in time')), 2500)
    try {
      await Promise.race([redis.connect(), late.promise])
      return redis
    } catch (cause) {
      redis.disconnect()
      const message = (reason ?? (cause as Error)).message
      if (performance.now() >= until) {
        throw new StateUnavailable(`no Redis can be reached under REDIS_URL: ${message}`, { cause })
      }
      await sleep(1000)
    } finally {
      clearTimeout(timer)
    }
  }
}

/** A client that keeps trying; not connected yet. */
export function patientClient(url: string, onError: (error: Error) => void, failover: Failover): Redis {
  const redis = new Redis(url, patient)
  redis.on('error', onError)
  failover.watch(redis)
  return redis
}

/**
 * A patient client for BullMQ, which makes blocking copies of it and, while Redis is away, cannot close them.
 * `disconnectAll` ends the client and its copies at once.
 */
export function consumerClient(
  url: string,
  onError: (error: Error) => void,
  failover: Failover,
): { client: Redis; disconnectAll(): void } {
  const client = patientClient(url, onError, failover)
  const copies: Redis[] = []
  const duplicate = client.duplicate.bind(client)
  client.duplicate = (override) => {
    const copy = duplicate(override)
    copies.push(copy)
    failover.watch(copy)
    return copy
  }
  return {
    client,
    disconnectAll() {
      for (const one of [client, ...copies]) one.disconnect()
    },
  }
}

const unavailableReplies =
  /^(OOM|LOADING|READONLY|MISCONF|CLUSTERDOWN|MASTERDOWN|NOREPLICAS|TRYAGAIN|BUSY|NOAUTH|WRONGPASS)\b/

/** Turns whatever ioredis threw into `StateUnavailable`, unless it is an answer that means a bug of ours. */
export function asUnavailable(cause: unknown): Error {
  const error = cause instanceof Error ? cause : new Error(String(cause))
  if (error.name === 'ReplyError' && !unavailableReplies.test(error.message)) return error
  return error instanceof StateUnavailable ? error : new StateUnavailable(error.message, { cause })
}

/** True when the command cannot have reached Redis, or Redis refused it. */
export function surelyNotApplied(cause: unknown): boolean {
  if (!(cause instanceof Error)) return false
  return cause.name === 'ReplyError' || cause.message.startsWith("Stream isn't writeable")
}
