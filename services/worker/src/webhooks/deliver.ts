import { type Answer, type Outbound, OutboundError } from '@pentimento/outbound'
import type { DeliveryOutcome, DueDelivery, Webhooks } from '@pentimento/state'
import type { Tracing } from '@pentimento/tracing'
import type { WorkerMetrics } from '../metrics.ts'
import { retryState } from '../retry-state.ts'
import { signedHeaders } from './sign.ts'

export interface DeliverDeps {
  webhooks: Pick<Webhooks, 'secrets' | 'settle'>
  outbound: Pick<Outbound, 'post'>
  allowHttp: boolean
  metrics: Pick<WorkerMetrics, 'webhookAttempts' | 'webhookAttemptSeconds'>
  tracing: Tracing
}

export const DELIVERY_TIMEOUT_MS = 15_000
/** For how long a delivery may still be settled when Redis is away: what is left of its lease at least. */
export const SETTLE_MS = 15_000
const KEPT_BYTES = 1024
/** A receiver may ask for a pause, not for silence. */
const MAX_RETRY_AFTER_MS = 24 * 3_600_000

/** Sends one event once and settles the delivery. Whatever the receiver does is an outcome, not an error. */
export async function deliver(deps: DeliverDeps, due: DueDelivery): Promise<void> {
  const { event } = due
  const attributes = { 'webhook.id': event.id, 'webhook.type': event.type, 'webhook.attempt': due.attempt }
  const span = deps.tracing.start('webhook', { parent: event.traceparent, kind: 'client', attributes })
  const outcome = await attempt(deps, due, span.traceparent)
  span.end(outcome.outcome === 'failed' ? { error: outcome.error } : {})
  deps.metrics.webhookAttemptSeconds.observe(outcome.durationMs / 1000)
  // The receiver's places are this delivery's until it is settled, or its lease has ended.
  const state = await retryState(() => deps.webhooks.settle(due, outcome), SETTLE_MS)
  deps.metrics.webhookAttempts.inc({ outcome: state === 'pending' ? 'retry' : state })
}

async function attempt(
  { webhooks, outbound, allowHttp }: DeliverDeps,
  { event }: DueDelivery,
  traceparent: string | null,
): Promise<DeliveryOutcome> {
  const secrets = await webhooks.secrets(event.tenant)
  if (secrets.length === 0) return failure('there is no webhook secret', 0)
  const started = performance.now()
  try {
    const answer = await outbound.post(event.url, {
      headers: {
        'content-type': 'application/json',
        ...signedHeaders(secrets, event.id, Math.floor(Date.now() / 1000), event.body),
        ...(traceparent !== null && { traceparent }),
      },
      body: event.body,
      timeoutMs: DELIVERY_TIMEOUT_MS,
      allowHttp,
      keepBytes: KEPT_BYTES,
    })
    return judge(answer, Math.round(performance.now() - started))
  } catch (error) {
    if (!(error instanceof OutboundError)) throw error
    // The tenant reads this: not where a name of theirs leads inside our network.
    return failure(error.publicReason, Math.round(performance.now() - started))
  }
}

function failure(error: string, durationMs: number): DeliveryOutcome {
  return { outcome: 'failed', status: null, response: '', durationMs, error }
}

/** 2xx is success. Redirects are not followed and count as failures; 410 ends the deliveries of the job. */
function judge({ status, headers, body }: Answer, durationMs: number): DeliveryOutcome {
  if (status >= 200 && status < 300) return { outcome: 'delivered', status, response: body, durationMs }
  const retryAfterMs = parseRetryAfter(headers['retry-after'])
  return {
    outcome: 'failed',
    status,
    response: body,
    durationMs,
    error:
      status >= 300 && status < 400
        ? 'the receiver redirects, which is not followed'
        : `the receiver answered ${status}`,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    ...(status === 410 && { gone: true }),
  }
}

/** Seconds or an HTTP date (RFC 9110, section 10.2.3), as milliseconds from now. */
export function parseRetryAfter(value: string | string[] | undefined, now: number = Date.now()): number | undefined {
  const text = (Array.isArray(value) ? value[0] : value)?.trim()
  if (!text) return undefined
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(ms, 0), MAX_RETRY_AFTER_MS)
}
