/** Events a webhook can be sent for; the four final ones are sent when `webhook_events` is omitted. */
export const webhookEventNames = [
  'job.started',
  'job.progress',
  'job.succeeded',
  'job.failed',
  'job.canceled',
  'job.expired',
] as const
export type WebhookEventName = (typeof webhookEventNames)[number]

export const finalWebhookEvents: readonly WebhookEventName[] = [
  'job.succeeded',
  'job.failed',
  'job.canceled',
  'job.expired',
]
