import type { Job, WebhookEventName } from '@pentimento/contracts'

const MAX_BYTES = 20_000

/**
 * The bytes of an event: `{type, timestamp, data: job}`. A job too large for 20 kB goes without its parameters, and its
 * metadata too if that is not enough, and says so by `truncated`.
 */
export function eventBody(type: WebhookEventName, timestamp: string, job: Job): string {
  const { parameters, ...withoutParameters } = job
  const { metadata, ...withoutMetadata } = withoutParameters
  const whole = JSON.stringify({ type, timestamp, data: job })
  if (Buffer.byteLength(whole) <= MAX_BYTES) return whole
  const shorter = JSON.stringify({ type, timestamp, data: { ...withoutParameters, truncated: true } })
  if (Buffer.byteLength(shorter) <= MAX_BYTES) return shorter
  return JSON.stringify({ type, timestamp, data: { ...withoutMetadata, truncated: true } })
}
