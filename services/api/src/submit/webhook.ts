import { finalWebhookEvents, type Img2imgFields, type JobRequest } from '@pentimento/contracts'
import type { Deps } from '../deps.ts'
import { fieldProblem } from '../http/problem.ts'

/** Where a job's webhooks go, refused now rather than when the first one cannot be sent. */
export async function readWebhook(
  deps: Deps,
  tenant: string,
  fields: Pick<Img2imgFields, 'webhook_url' | 'webhook_events'>,
): Promise<JobRequest['webhook']> {
  if (fields.webhook_url === undefined) return null
  const url = new URL(fields.webhook_url)
  const schemes = deps.webhookAllowHttp ? ['https:', 'http:'] : ['https:']
  if (!schemes.includes(url.protocol)) {
    throw fieldProblem('webhook_url_refused', 'webhook_url', 'webhooks are sent to https URLs only')
  }
  if (url.username !== '' || url.password !== '') {
    throw fieldProblem('webhook_url_refused', 'webhook_url', 'a webhook URL must not carry a user name or password')
  }
  if (!(await deps.state.webhooks.hasSecret(tenant))) {
    const detail = 'make a secret first: POST /v1/webhook-secret/rotate; without one webhooks cannot be signed'
    throw fieldProblem('no_webhook_secret', 'webhook_url', detail)
  }
  return { url: url.href, events: fields.webhook_events ?? [...finalWebhookEvents] }
}
