import { z } from 'zod'

export type JsonValue = string | number | boolean | null | JsonValue[] | { [name: string]: JsonValue }

/** Any JSON. As `z.json()`, but with a name, by which the OpenAPI document can refer to it. */
const jsonValue: z.ZodType<JsonValue> = z
  .lazy(() =>
    z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(jsonValue), z.record(z.string(), jsonValue)]),
  )
  .meta({ id: 'Json' })

export const jsonObject = z.record(z.string(), jsonValue)

/**
 * What of a JSON text would come back changed, in words for whoever sent it; null if all of it is kept. `JSON.parse` rounds long numbers and keeps one of
 * two members of a name, and an object cannot carry a member called `__proto__` everywhere.
 *
 * @param value what `JSON.parse` made of `text`
 */
export function lossOfJson(text: string, value: unknown): string | null {
  const tokens = text.matchAll(/"(?:[^"\\]|\\.)*"\s*(:)?|-?\d[\d.eE+-]*/g)
  let members = 0
  for (const [token, colon] of tokens) {
    if (colon) members++
    else if (!token.startsWith('"') && !isExact(token)) {
      return `the number ${shorten(token)} cannot be kept exactly: send it as a string`
    }
  }
  if (hasMember(value, '__proto__')) return 'a member cannot be called __proto__'
  return members === countMembers(value) ? null : 'a name stands twice in one object'
}

/** Whether a number of JSON is, digit by digit, what its double is written as. */
function isExact(literal: string): boolean {
  return digits(literal) === digits(String(Number(literal)))
}

/** A decimal number by its significant digits and the power of ten of the last one. */
function digits(literal: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(literal) ?? []
  const all = `${whole}${fraction}`.replace(/^0+/, '')
  const significant = all.replace(/0+$/, '')
  if (significant === '') return literal.includes('Infinity') ? literal : '0'
  return `${sign}${significant}e${Number(exponent) - fraction.length + all.length - significant.length}`
}

function countMembers(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  const inner = Object.values(value)
  return inner.reduce((sum, one) => sum + countMembers(one), Array.isArray(value) ? 0 : inner.length)
}

function hasMember(value: unknown, name: string): boolean {
  if (typeof value !== 'object' || value === null) return false
  return Object.hasOwn(value, name) || Object.values(value).some((inner) => hasMember(inner, name))
}

function shorten(token: string): string {
  return token.length > 40 ? `${token.slice(0, 40)}…` : token
}
