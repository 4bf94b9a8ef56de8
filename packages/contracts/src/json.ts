import { z } from 'zod'

type JsonValue = string | number | boolean | null | JsonValue[] | { [name: string]: JsonValue }

/** Any JSON. As `z.json()`, but with a name, by which the OpenAPI document can refer to it. */
const jsonValue: z.ZodType<JsonValue> = z
  .lazy(() =>
    z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(jsonValue), z.record(z.string(), jsonValue)]),
  )
  .meta({ id: 'Json' })

export const jsonObject = z.record(z.string(), jsonValue).meta({ plain: true })

/** A name with its colon, a string, a bracket or a number. */
const tokens = /("[^"\\]*(?:\\.[^"\\]*)*")\s*(:?)|[[\]{}]|-?\d[\d.eE+-]*/g

/**
 * What of a JSON text would come back changed, in words for whoever sent it; null if all of it is kept. `JSON.parse`
 * rounds long numbers, and keeps one of two members of a name; `JSON.stringify` leaves out the sign of zero; and an
 * object cannot carry a member called `__proto__` everywhere.
 *
 * @param text that `JSON.parse` takes, of any depth
 */
export function lossOfJson(text: string): string | null {
  // Of each object that is not closed yet, and of arrays, where none is ever found.
  const names: Set<string>[] = []
  for (const [token, string, colon] of text.matchAll(tokens)) {
    if (token === '{' || token === '[') names.push(new Set())
    else if (token === '}' || token === ']') names.pop()
    else if (string === undefined) {
      if (!isExact(token)) return `the number ${shorten(token)} cannot be kept exactly: send it as a string`
    } else if (colon) {
      const name: string = JSON.parse(string)
      if (name === '__proto__') return 'a member cannot be called __proto__'
      if (names.at(-1)?.has(name)) return `the name ${shorten(string)} stands twice in one object`
      names.at(-1)?.add(name)
    }
  }
  return null
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
  if (significant === '') return literal.includes('Infinity') ? literal : `${sign}0`
  return `${sign}${significant}e${Number(exponent) - fraction.length + all.length - significant.length}`
}

function shorten(token: string): string {
  return token.length > 40 ? `${token.slice(0, 40)}…` : token
}
