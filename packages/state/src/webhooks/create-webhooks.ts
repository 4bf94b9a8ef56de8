import { parseRecord } from '../jobs/parse-record.ts'
import type { JobRecord } from '../jobs/record.ts'
import type { Store } from '../redis/store.ts'
import {
  claimScript,
  enqueueScript,
  logScript,
  replayScript,
  settleScript,
  unannouncedScript,
} from './delivery-scripts.ts'
import { retryDelays } from './retry-delays.ts'
import { secretStore } from './secret-store.ts'
import type { DeliveryAttempt, DeliveryOutcome, DeliveryRecord, WebhookEvent, Webhooks } from './webhooks.ts'

const dayMs = 24 * 3600 * 1000
/** Counted anew from each try; longer than all of them by the schedule. */
const pendingLifeMs = 6 * dayMs
/** How long a delivery can be looked at and replayed after it was delivered, and after it failed. */
const deliveredLifeMs = dayMs
const failedLifeMs = 7 * dayMs
const announceAgainMs = 30_000
const responseBytes = 1024

export function createWebhooks(
  store: Store,
  secretsKey: string | undefined,
  onError: (error: Error) => void,
): Webhooks {
  /** A record that this version cannot read is left to one that can, and holds up no other. */
  function readable(fields: unknown[]): JobRecord[] {
    try {
      return [parseRecord(fields)]
    } catch (error) {
      onError(error instanceof Error ? error : new Error(String(error)))
      return []
    }
  }

  async function log(job: string): Promise<DeliveryRecord[]> {
    const flat = (await store.run(logScript, job)) as (string | string[])[]
    const records: DeliveryRecord[] = []
    for (let i = 0; i + 1 < flat.length; i += 2) records.push(parseDelivery(String(flat[i]), flat[i + 1] as string[]))
    return records
  }

  return {
    ...secretStore(store, secretsKey),
    log,

    async enqueue(event) {
      await store.run(
        enqueueScript,
        event.id,
        `${new URL(event.url).host} ${event.tenant}`,
        JSON.stringify(event),
        event.job ?? '',
        pendingLifeMs,
        event.tenant,
      )
    },

    async claim({ limit, perHost, perTenant, leaseMs }) {
      const flat = (await store.run(claimScript, limit, perHost, perTenant, leaseMs)) as (string | number)[]
      return Array.from({ length: flat.length / 3 }, (_, i) => ({
        event: JSON.parse(String(flat[3 * i + 1])) as WebhookEvent,
        attempt: Number(flat[3 * i + 2]),
      }))
    },

    async settle({ event, attempt }, outcome) {
      const gone = outcome.outcome === 'failed' && outcome.gone === true
      const atLeast = outcome.outcome === 'failed' ? Math.min(outcome.retryAfterMs ?? 0, dayMs) : 0
      const line = JSON.stringify(attemptOf(attempt, outcome))
      const delays = retryDelays(Math.random).join(',')
      const args = [
        event.id,
        attempt,
        line,
        gone ? 'stopped' : outcome.outcome,
        delays,
        atLeast,
        deliveredLifeMs,
        failedLifeMs,
        pendingLifeMs,
      ]
      return (await store.run(settleScript, ...args)) as DeliveryRecord['state']
    },

    async replay(job, delivery) {
      if ((await store.run(replayScript, job, delivery, pendingLifeMs)) !== 1) return null
      return (await log(job)).find(({ id }) => id === delivery) ?? null
    },

    async unannounced(limit) {
      return ((await store.run(unannouncedScript, limit, announceAgainMs)) as unknown[][]).flatMap(readable)
    },

    async announced(job) {
      await store.call((redis) => redis.zrem(`${store.prefix}unannounced`, job))
    },
  }
}

function attemptOf(attempt: number, outcome: DeliveryOutcome): DeliveryAttempt {
  return {
    at: Date.now(),
    attempt,
    status: outcome.status,
    durationMs: outcome.durationMs,
    response: Buffer.from(outcome.response).subarray(0, responseBytes).toString(),
    error: outcome.outcome === 'failed' ? outcome.error : null,
  }
}

function parseDelivery(id: string, flat: readonly string[]): DeliveryRecord {
  const fields = new Map<string, string>()
  for (let i = 0; i + 1 < flat.length; i += 2) fields.set(flat[i] ?? '', flat[i + 1] ?? '')
  const event = JSON.parse(fields.get('event') ?? '{}') as WebhookEvent
  const lines = (fields.get('log') ?? '').split('\n').filter(Boolean)
  return {
    id,
    type: event.type,
    url: event.url,
    state: fields.get('state') as DeliveryRecord['state'],
    createdAt: Number(fields.get('created')),
    nextAttemptAt: fields.has('next') ? Number(fields.get('next')) : null,
    attempts: lines.map((line) => JSON.parse(line) as DeliveryAttempt),
  }
}
