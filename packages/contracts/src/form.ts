import { z } from 'zod'
import { lossOfJson } from './json.ts'

/**
 * Form fields arrive as text. These builders read a number, a boolean or JSON out of the text and hand everything else
 * on unchanged, so that a wrong value is reported by the schema behind it. An empty text is not a number: `z.coerce`
 * would make it 0.
 */
export function numberField<S extends z.ZodType>(schema: S): z.ZodPreprocess<S> {
  return z.preprocess(
    (value) =>
      typeof value === 'string' && /^\s*[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?\s*$/i.test(value) ? Number(value) : value,
    schema,
  )
}

export function booleanField<S extends z.ZodType>(schema: S): z.ZodPreprocess<S> {
  // Python's own spelling too.
  return z.preprocess((value) => {
    if (value === 'true' || value === 'True') return true
    return value === 'false' || value === 'False' ? false : value
  }, schema)
}

/** The parameters of a job show null where a field has no effect; sent again in a form it is the text of it. */
export function absentIfNull<S extends z.ZodType>(schema: S): z.ZodPreprocess<S> {
  return z.preprocess((value) => (value === 'null' ? undefined : value), schema)
}

/**
 * JSON that is kept as it was sent, with at most `depth` objects and arrays inside of each other: everybody who reads
 * it later goes down into it.
 */
export function jsonField<S extends z.ZodType>(schema: S, depth: number): z.ZodPreprocess<S> {
  return z.preprocess((value, context) => {
    const refuse = (problem: string) => {
      context.addIssue(problem)
      return z.NEVER
    }
    const parsed = typeof value === 'string' ? parseJson(value) : value
    if (parsed === undefined) return refuse('must be valid JSON')
    if (!isWithin(parsed, depth)) return refuse(`must not be nested deeper than ${depth} levels`)
    const loss = typeof value === 'string' ? lossOfJson(value) : null
    return loss === null ? parsed : refuse(loss)
  }, schema)
}

/** Undefined for a text that is none. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isWithin(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return true
  return depth > 0 && Object.values(value).every((inner) => isWithin(inner, depth - 1))
}
