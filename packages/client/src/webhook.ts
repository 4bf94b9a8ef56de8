import type { Job } from './types.ts'

/** A webhook's body. */
export interface WebhookEvent {
  /** `job.succeeded` and the like, or `test`. */
  type: string
  timestamp: string
  data: Job
}

/** A request that was not signed with the secret, or long ago. */
export class WebhookInvalid extends Error {}

interface Received {
  /** The request's, of any kind: a `Headers`, or an object with names in small letters. */
  headers: Headers | Readonly<Record<string, string | string[] | undefined>>
  /** The bytes of the body as text, not parsed and written again. */
  body: string
  /** `whsec_…` */
  secret: string
  /** How old a signature may be, in seconds (300). */
  toleranceSeconds?: number
}

/**
 * Reads a webhook that was signed with the secret (Standard Webhooks 1.0), in Node, browsers and workers alike.
 *
 * @throws WebhookInvalid
 */
export async function verifyWebhook({
  headers,
  body,
  secret,
  toleranceSeconds = 300,
}: Received): Promise<WebhookEvent> {
  const header = (name: string) => String((headers instanceof Headers ? headers.get(name) : headers[name]) ?? '')
  const [id, timestamp, signatures] = [header('webhook-id'), header('webhook-timestamp'), header('webhook-signature')]
  const age = Math.abs(Date.now() / 1000 - Number(timestamp || Number.NaN))
  if (!(age <= toleranceSeconds)) throw new WebhookInvalid('the webhook has no time, or is too old')
  const bytes = Uint8Array.from(atob(secret.replace(/^whsec_/, '')), (char) => char.charCodeAt(0))
  const key = await crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['verify'])
  const signed = new TextEncoder().encode(`${id}.${timestamp}.${body}`)
  for (const signature of signatures.split(' ')) {
    if (!signature.startsWith('v1,')) continue
    if (await crypto.subtle.verify('HMAC', key, decoded(signature.slice(3)), signed))
      return JSON.parse(body) as WebhookEvent
  }
  throw new WebhookInvalid('the webhook is not signed with this secret')
}

function decoded(base64: string): Uint8Array<ArrayBuffer> {
  try {
    return Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))
  } catch {
    return new Uint8Array()
  }
}
