import { fieldProblem } from '../../http/problem.ts'

/** What a client sent, whose values are of the type that its language had at hand. */
export type Sent = Readonly<Record<string, unknown>>

export function asObject(value: unknown): Sent {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Sent) : {}
}

/**
 * A number, also one written as text; the default for nothing. Out of range it is the end of the range.
 *
 * @throws HttpProblem
 */
export function numberOf(
  sent: Sent,
  name: string,
  fallback: number,
  { min, max }: { min: number; max: number },
): number {
  const value = given(sent, name)
  if (value === undefined) return fallback
  const number = typeof value === 'boolean' ? Number(value) : typeof value === 'string' ? Number(value) : value
  if (typeof number !== 'number' || !Number.isFinite(number))
    throw fieldProblem('invalid_fields', name, 'must be a number')
  return Math.min(max, Math.max(min, number))
}

export function integerOf(sent: Sent, name: string, fallback: number, range: { min: number; max: number }): number {
  return Math.round(numberOf(sent, name, fallback, range))
}

/** A truth value, also as 0 and 1 and as text. @throws HttpProblem */
export function flagOf(sent: Sent, name: string, fallback: boolean): boolean {
  const value = given(sent, name)
  if (value === undefined) return fallback
  if (typeof value === 'boolean') return value
  if (typeof value === 'number') return value !== 0
  if (typeof value === 'string' && /^(true|false|0|1|yes|no|on|off)$/i.test(value))
    return /^(true|1|yes|on)$/i.test(value)
  throw fieldProblem('invalid_fields', name, 'must be true or false')
}

/** @throws HttpProblem */
export function textOf(sent: Sent, name: string, fallback: string): string {
  const value = given(sent, name)
  if (value === undefined) return fallback
  if (typeof value !== 'string') throw fieldProblem('invalid_fields', name, 'must be one text')
  return value
}

/** Null and an empty text for anything but a prompt mean nothing. */
function given(sent: Sent, name: string): unknown {
  const value = sent[name]
  return value === null || value === '' ? undefined : value
}
