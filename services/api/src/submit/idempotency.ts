import { createHash } from 'node:crypto'
import type { JobKind } from '@pentimento/contracts'
import type { Form } from '../http/multipart.ts'
import { HttpProblem } from '../http/problem.ts'

/** A request that may be repeated, and what a repeat is compared by. */
export interface Idempotency {
  key: string
  fingerprint: string
}

/**
 * The Idempotency-Key of a request, 1 to 255 printable ASCII characters with or without the quotes of a structured
 * field; null without one.
 *
 * @throws HttpProblem `invalid_request`
 */
export function idempotencyOf(kind: JobKind, form: Form, given: string | undefined): Idempotency | null {
  if (given === undefined) return null
  const key = /^"(.*)"$/.exec(given)?.[1] ?? given
  if (!/^[\x20-\x7e]{1,255}$/.test(key)) {
    throw new HttpProblem('invalid_request', 'Idempotency-Key must be 1 to 255 printable ASCII characters')
  }
  return { key, fingerprint: fingerprint(kind, form) }
}

/**
 * Tells whether two requests are the same: the kind, every field as it was sent and the files' contents, in no order. A
 * form and JSON of the same fields are.
 */
export function fingerprint(kind: JobKind, { fields, files }: Form): string {
  const parts = [
    ...Object.entries(fields).map(([name, value]) => [name, textOf(value)] as const),
    ...files.map(({ name, bytes }) => [name, { sha256: sha256(bytes) }] as const),
  ].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
  return sha256(JSON.stringify([kind, parts]))
}

/** A value of JSON as a form has it; null as it is. */
function textOf(value: unknown): unknown {
  return typeof value === 'string' || value === null ? value : JSON.stringify(value)
}

function sha256(data: Uint8Array | string): string {
  return createHash('sha256').update(data).digest('hex')
}
