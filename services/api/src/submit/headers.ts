import type { IncomingHttpHeaders } from 'node:http'
import type { JobKind } from '@pentimento/contracts'
import type { FastifyRequest } from 'fastify'
import { HttpProblem } from '../http/problem.ts'
import { fingerprint } from './fingerprint.ts'

/**
 * The Idempotency-Key header, 1 to 255 printable ASCII characters with or without the quotes of a structured field, and what the request is compared by.
 */
export function idempotency(kind: JobKind, request: FastifyRequest): { key: string; fingerprint: string } | null {
  const given = request.headers['idempotency-key']
  if (given === undefined) return null
  const key = /^"(.*)"$/.exec(String(given))?.[1] ?? String(given)
  if (!/^[\x20-\x7e]{1,255}$/.test(key)) {
    throw new HttpProblem('invalid_request', 'Idempotency-Key must be 1 to 255 printable ASCII characters')
  }
  return { key, fingerprint: fingerprint(kind, request.sentForm) }
}

/** Seconds that `Prefer: wait=n` (RFC 7240, section 4.3) asks for, at most 60; 0 without it. */
export function preferredWait(headers: IncomingHttpHeaders): number {
  const wait = /(?:^|[,;])\s*wait\s*=\s*"?(\d{1,6})"?\s*(?:$|[,;])/i.exec(String(headers.prefer ?? ''))?.[1]
  return Math.min(Number(wait ?? 0), 60)
}

/** A W3C trace context that may be passed on, or null. */
export function traceparent(headers: IncomingHttpHeaders): string | null {
  const given = headers.traceparent
  return typeof given === 'string' && /^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/.test(given) ? given : null
}
