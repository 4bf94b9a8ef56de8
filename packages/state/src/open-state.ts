import { createFiles, type Files } from './files/files.ts'
import { jobAccess } from './jobs/access.ts'
import { jobAttempts } from './jobs/attempts.ts'
import type { JobContext } from './jobs/context.ts'
import { createEvents } from './jobs/create-events.ts'
import type { JobEvents } from './jobs/events.ts'
import type { Jobs } from './jobs/jobs.ts'
import { submitJobs } from './jobs/submit.ts'
import { createSubscriptions } from './jobs/subscriptions.ts'
import { jobSweep } from './jobs/sweep.ts'
import { createNotes, type Notes } from './notes/notes.ts'
import { createQueue } from './queue/create-queue.ts'
import type { Queue } from './queue/queue.ts'
import { connectFailFast, consumerClient, patientClient, replicationClient } from './redis/connection.ts'
import { createFailover } from './redis/failover.ts'
import { type RedisAccess, reachOf } from './redis/reach.ts'
import { createReplication, noReplication } from './redis/replication.ts'
import { createStore } from './redis/store.ts'
import { throttleErrors } from './redis/throttle-errors.ts'
import { createTenants } from './tenants/create-tenants.ts'
import type { Tenants } from './tenants/tenants.ts'
import { createWebhooks } from './webhooks/create-webhooks.ts'
import type { Webhooks } from './webhooks/webhooks.ts'
import { createQueueCapacity } from './work-items/queue-capacity.ts'
import { createWorkQueues } from './work-items/work-queues.ts'
import { createWorkers } from './workers/create-workers.ts'
import type { Workers } from './workers/workers.ts'

interface StateOptions extends RedisAccess {
  /** How many replicas must have a job, a key or a secret before it is answered for (0). */
  waitReplicas?: number
  /** How long a worker that has died keeps its items (10,000 ms). */
  lockMs?: number
  /** How often stalled items are looked for (2,000 ms). */
  stalledMs?: number
  /**
   * 32 bytes in base64: encrypts webhook secrets at rest, which cannot be made or used without it, and goes into what
   * keys sign.
   */
  secretsKey?: string | undefined
  /** How long a signed URL opens (3,600,000 ms), give or take a quarter less. */
  signedUrlMs?: number
  /** How long to keep trying to reach Redis, which may come up later than this process (0 ms: one attempt). */
  patienceMs?: number
  /** How long whoever asks for something waits for Redis before it counts as away (2,000 ms). */
  commandTimeoutMs?: number
  /**
   * For the log: errors of the connection, the same one at most every 10 s, and what else went wrong. Never called with
   * anything secret.
   */
  onError(error: Error): void
}

export interface State {
  jobs: Jobs
  queue: Queue
  events: JobEvents
  workers: Workers
  tenants: Tenants
  notes: Notes
  files: Files
  webhooks: Webhooks
  /** Answers when Redis takes a write, within `commandTimeoutMs`; else throws `StateUnavailable`. */
  ping(): Promise<void>
  /** Closes every connection. Consumers are to be drained or shut down before. */
  close(): Promise<void>
}

const watchMs = 2000
const writtenMs = 60_000

/**
 * Connects to Redis. Rejects with `SecretsKeyInvalid` for a malformed key, and with `StateUnavailable` 4 s after
 * `patienceMs` at the latest.
 */
export async function openState(options: StateOptions): Promise<State> {
  const { onError } = options
  const onOutage = throttleErrors(onError)
  const failover = createFailover()
  const reach = reachOf(options)
  const { waitReplicas = 0 } = options
  const replication =
    waitReplicas > 0
      ? createReplication(waitReplicas, () => replicationClient(reach, onOutage, failover))
      : noReplication
  const store = createStore(await connectFailFast(reach, onOutage, failover, options), reach.hashTag, replication)
  const queues = createWorkQueues(store, onOutage, options.commandTimeoutMs)
  const subscriptions = createSubscriptions(store.prefix, () => patientClient(reach, onOutage, failover), onOutage)
  const capacity = createQueueCapacity()
  const context: JobContext = { store, queues, subscriptions, capacity, onError }
  const jobs: Jobs = {
    ...submitJobs(context),
    ...jobAttempts(context),
    ...jobAccess(context),
    sweep: jobSweep(context),
  }
  let consumer: ReturnType<typeof consumerClient> | undefined
  const openConsumer = () => {
    consumer ??= consumerClient(reach, onOutage, failover)
    return consumer.client
  }
  const { lockMs = 10_000, stalledMs = 2_000, signedUrlMs = 3_600_000, secretsKey } = options

  async function ping(): Promise<void> {
    await store.call((redis) => redis.set(`${store.prefix}written`, Date.now(), 'PX', writtenMs))
  }
  // A process that has nothing to write would not notice that its server was demoted.
  const watch = setInterval(() => void ping().catch(failover.heed), watchMs).unref()

  return {
    jobs,
    queue: createQueue({
      store,
      jobs,
      queues,
      subscriptions,
      capacity,
      consumerClient: openConsumer,
      lockMs,
      stalledMs,
      onError,
    }),
    events: createEvents(store, subscriptions),
    workers: createWorkers(store),
    tenants: createTenants(store, { secretsKey, signedUrlMs, onError }),
    notes: createNotes(store),
    files: createFiles(store),
    webhooks: createWebhooks(store, secretsKey, onError),
    ping,
    async close() {
      clearInterval(watch)
      subscriptions.close()
      await queues.close()
      consumer?.disconnectAll()
      replication.close()
      store.redis.disconnect()
    },
  }
}
