import { finalWebhookEvents, type Img2imgFields, type JobRequest } from '@pentimento/contracts'
import { OutboundError } from '@pentimento/outbound'
import type { Deps } from '../deps.ts'
import { fieldProblem } from '../http/problem.ts'
import { refuseKey } from './refuse-key.ts'

type WebhookDeps = Pick<Deps, 'state' | 'outbound' | 'webhookAllowHttp'>

/** Where a job's webhooks go, refused now rather than when the first one cannot be sent. */
export async function readWebhook(
  deps: WebhookDeps,
  tenant: string,
  fields: Pick<Img2imgFields, 'webhook_url' | 'webhook_events'>,
): Promise<JobRequest['webhook']> {
  if (fields.webhook_url === undefined) return null
  const url = await checkWebhookUrl(deps, tenant, 'webhook_url', fields.webhook_url)
  return { url, events: fields.webhook_events ?? [...finalWebhookEvents] }
}

/**
 * A URL that webhooks may go to, of a tenant that has a secret to sign them with; what only the network can tell is
 * found out at the delivery.
 */
export async function checkWebhookUrl(deps: WebhookDeps, tenant: string, field: string, text: string): Promise<string> {
  refuseKey(field, text)
  let url: string
  try {
    url = deps.outbound.checkUrl(text, { allowHttp: deps.webhookAllowHttp }).href
  } catch (error) {
    throw error instanceof OutboundError ? fieldProblem('webhook_url_refused', field, error.publicReason) : error
  }
  if (await deps.state.webhooks.hasSecret(tenant)) return url
  const detail = 'make a secret first: POST /v1/webhook-secret/rotate; without one webhooks cannot be signed'
  throw fieldProblem('no_webhook_secret', field, detail)
}
