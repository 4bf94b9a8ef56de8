import { z } from 'zod'
import { lossOfJson } from './json.ts'

/**
 * Form fields arrive as text. These builders read a number, a boolean or JSON out of the text and hand everything else on unchanged, so that a wrong value
 * is reported by the schema behind it. An empty text is not a number: `z.coerce` would make it 0.
 */
export function numberField<S extends z.ZodType>(schema: S): z.ZodPreprocess<S> {
  return z.preprocess(
    (value) =>
      typeof value === 'string' && /^\s*[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?\s*$/i.test(value) ? Number(value) : value,
    schema,
  )
}

export function booleanField<S extends z.ZodType>(schema: S): z.ZodPreprocess<S> {
  return z.preprocess((value) => (value === 'true' ? true : value === 'false' ? false : value), schema)
}

/** JSON that is kept as it was sent, with at most `depth` objects and arrays inside of each other: everybody who reads it later goes down into it. */
export function jsonField<S extends z.ZodType>(schema: S, depth: number): z.ZodPreprocess<S> {
  return z.preprocess((value, context) => {
    const parsed = parseJson(value)
    const problem = isWithin(parsed, depth)
      ? typeof value === 'string' && parsed !== value && lossOfJson(value, parsed)
      : `must not be nested deeper than ${depth} levels`
    if (!problem) return parsed
    context.addIssue(problem)
    return z.NEVER
  }, schema)
}

function parseJson(value: unknown): unknown {
  if (typeof value !== 'string') return value
  try {
    return JSON.parse(value)
  } catch {
    return value
  }
}

function isWithin(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return true
  return depth > 0 && Object.values(value).every((inner) => isWithin(inner, depth - 1))
}
