import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { StateUnavailable } from '../errors.ts'
import { redisOptions } from './connector.ts'
import type { Failover } from './failover.ts'
import type { Reach } from './reach.ts'

const retryStrategy = (times: number): number => Math.min(100 * 2 ** times, 2000)

/** How long a command of the fail-fast connection may take. */
export const defaultCommandTimeoutMs = 2000

/** For everything a client waits for: fails at once while Redis is away, and after 2 s when it hangs. */
const failFast = {
  maxRetriesPerRequest: 1,
  enableOfflineQueue: false,
  connectTimeout: 2000,
  commandTimeout: defaultCommandTimeoutMs,
  retryStrategy,
  lazyConnect: true,
}

/** For blocking reads and subscriptions: waits for Redis to come back (BullMQ insists on null). */
const patient = { maxRetriesPerRequest: null, connectTimeout: 2000, retryStrategy, lazyConnect: true }

/** How long a first connection may take; who has to ask for the server first takes up to a second more. */
const firstMs = { server: 2500, sentinel: 3500, cluster: 3500 }

interface Patience {
  /** How long to try to reach Redis for the first time (0: one attempt). */
  patienceMs?: number | undefined
  commandTimeoutMs?: number | undefined
}

/**
 * A connected fail-fast client. Rejects with `StateUnavailable` when Redis is too old, and when it cannot be reached:
 * after one attempt of at most 4 s, or after as many as begin within `patienceMs`.
 */
export async function connectFailFast(
  reach: Reach,
  onError: (error: Error) => void,
  failover: Failover,
  { patienceMs = 0, commandTimeoutMs: commandTimeout = defaultCommandTimeoutMs }: Patience = {},
): Promise<Redis> {
  const open = () => new Redis({ ...failFast, commandTimeout, ...redisOptions(reach) })
  const redis = await firstConnection(open, firstMs[reach.target.kind], onError, performance.now() + patienceMs)
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

async function firstConnection(
  open: () => Redis,
  timeoutMs: number,
  onError: (error: Error) => void,
  until: number,
): Promise<Redis> {
  for (;;) {
    const redis = open()
    // `connect` rejects with no more than that the connection is closed.
    let reason: Error | undefined
    redis.on('error', (error) => {
      reason = error
      onError(error)
    })
    const late = Promise.withResolvers<never>()
    const timer = setTimeout(() => late.reject(new Error('no connection in time')), timeoutMs)
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
export function patientClient(reach: Reach, onError: (error: Error) => void, failover: Failover): Redis {
  const redis = new Redis({ ...patient, ...redisOptions(reach) })
  redis.on('error', onError)
  failover.watch(redis)
  return redis
}

/**
 * A client for what waits for replicas: fails fast as the first one does, though a Redis that is away only fails what
 * is asked of it. What was under way when a connection was lost is not sent again: the next server may be another,
 * whose replicas say nothing of what the last one wrote.
 */
export function replicationClient(reach: Reach, onError: (error: Error) => void, failover: Failover): Redis {
  const once = { autoResendUnfulfilledCommands: false, maxRetriesPerRequest: 0 }
  const redis = new Redis({ ...failFast, ...once, enableOfflineQueue: true, ...redisOptions(reach) })
  redis.on('error', onError)
  failover.watch(redis)
  return redis
}

/**
 * A patient client for BullMQ, which makes blocking copies of it and, while Redis is away, cannot close them.
 * `disconnectAll` ends the client and its copies at once.
 */
export function consumerClient(
  reach: Reach,
  onError: (error: Error) => void,
  failover: Failover,
): { client: Redis; disconnectAll(): void } {
  const client = patientClient(reach, onError, failover)
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
  /^(OOM|LOADING|READONLY|MISCONF|CLUSTERDOWN|MASTERDOWN|NOREPLICAS|MOVED|ASK|TRYAGAIN|BUSY|NOAUTH|NOPERM|WRONGPASS)\b/

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
