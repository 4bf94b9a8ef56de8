import { parseRecord } from '../jobs/parse-record.ts'
import type { JobRecord } from '../jobs/record.ts'
import type { RecordFields } from '../lua/job.ts'
import { listOf } from '../redis/script.ts'
import type { Store } from '../redis/store.ts'
import { enqueueScript, logScript, replayScript, unannouncedScript } from './delivery-scripts.ts'
import { retryDelays } from './retry-delays.ts'
import { secretStore } from './secret-store.ts'
import { claimScript, settleScript } from './send-scripts.ts'
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
  function readable(fields: RecordFields): JobRecord[] {
    try {
      return [parseRecord(fields)]
    } catch (error) {
      onError(error instanceof Error ? error : new Error(String(error)))
      return []
    }
  }

  async function log(job: string): Promise<DeliveryRecord[]> {
    return listOf(await store.run(logScript, { job })).map(parseDelivery)
  }

  return {
    ...secretStore(store, secretsKey),
    log,

    async testEvent(tenant, id) {
      const fields = await store.call((redis) => redis.hgetall(`${store.prefix}delivery:${id}`))
      return fields.tenant === tenant && fields.job === '' ? parseDelivery({ id, fields }) : null
    },

    async enqueue(event) {
      await store.run(enqueueScript, {
        id: event.id,
        lane: `${new URL(event.url).host} ${event.tenant}`,
        event: JSON.stringify(event),
        job: event.job ?? '',
        tenant: event.tenant,
        pendingLifeMs,
      })
    },

    async claim(bounds) {
      return listOf(await store.run(claimScript, bounds)).map(({ event, attempt }) => ({
        event: JSON.parse(event) as WebhookEvent,
        attempt,
      }))
    },

    async settle({ event, attempt }, outcome) {
      const gone = outcome.outcome === 'failed' && outcome.gone === true
      return store.run(settleScript, {
        id: event.id,
        attempt,
        line: JSON.stringify(attemptOf(attempt, outcome)),
        outcome: gone ? 'stopped' : outcome.outcome,
        delaysMs: retryDelays(Math.random),
        leastDelayMs: outcome.outcome === 'failed' ? Math.min(outcome.retryAfterMs ?? 0, dayMs) : 0,
        deliveredLifeMs,
        failedLifeMs,
        pendingLifeMs,
      })
    },

    async replay(job, delivery) {
      if (!(await store.run(replayScript, { job, id: delivery, pendingLifeMs }))) return null
      return (await log(job)).find(({ id }) => id === delivery) ?? null
    },

    async unannounced(limit) {
      return listOf(await store.run(unannouncedScript, { limit, againMs: announceAgainMs })).flatMap(readable)
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

function parseDelivery({ id, fields }: { id: string; fields: Record<string, string> }): DeliveryRecord {
  const event = JSON.parse(fields.event ?? '{}') as WebhookEvent
  const lines = (fields.log ?? '').split('\n').filter(Boolean)
  return {
    id,
    type: event.type,
    url: event.url,
    state: fields.state as DeliveryRecord['state'],
    createdAt: Number(fields.created),
    nextAttemptAt: fields.next === undefined ? null : Number(fields.next),
    attempts: lines.map((line) => JSON.parse(line) as DeliveryAttempt),
  }
}
