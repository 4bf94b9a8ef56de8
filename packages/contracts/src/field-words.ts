import type { z } from 'zod'

const kinds: Record<string, string> = {
  int: 'a whole number',
  number: 'a number',
  string: 'text',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
}

/**
 * What is wrong with a field, said to whoever sent it, where the schema has no words of its own: `must be at most 150`.
 * Handed to a parse as its `error`; in the api, where Fastify parses, made zod's own words by `z.config`. Undefined
 * leaves the issue to zod.
 */
export const fieldWords: z.core.$ZodErrorMap = (issue) => {
  switch (issue.code) {
    case 'invalid_type':
      if (issue.input === undefined) return 'is required'
      return kinds[issue.expected] && `must be ${kinds[issue.expected]}`
    case 'too_big':
      return bound(issue.origin, issue.inclusive === false ? 'less than' : 'at most', issue.maximum)
    case 'too_small':
      return bound(issue.origin, issue.inclusive === false ? 'more than' : 'at least', issue.minimum)
    case 'not_multiple_of':
      return `must be a multiple of ${issue.divisor}`
    case 'invalid_value':
      return issue.values.length === 1
        ? `must be ${String(issue.values[0])}`
        : `must be one of ${issue.values.map(String).join(', ')}`
    case 'invalid_format':
      return issue.format === 'url' ? 'must be a URL' : undefined
    default:
      return undefined
  }
}

/** @param origin the kind of thing that is measured: a number by its size, everything else by what it holds */
function bound(origin: string, relation: string, limit: number | bigint): string {
  const units: Record<string, string> = { string: 'character', array: 'entry', set: 'entry', file: 'byte' }
  const unit = units[origin]
  if (unit === undefined) return `must be ${relation} ${limit}`
  const many = unit === 'entry' ? 'entries' : `${unit}s`
  return `must have ${relation} ${limit} ${Number(limit) === 1 ? unit : many}`
}
