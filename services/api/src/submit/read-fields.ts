import type { z } from 'zod'

/**
 * Reads what was sent by the schemas of the fields that are named. Zod goes through all that could be, each time anew,
 * to find the defaults of those that are not: a form names five of seventy.
 *
 * @returns what `form.safeParse` comes to
 */
export function fieldsReader<Fields>(
  form: z.ZodType<Fields> & { shape: object },
): (sent: Record<string, unknown>) => z.ZodSafeParseResult<Fields> {
  const schemas = new Map(Object.entries<z.ZodType>(form.shape as Record<string, z.ZodType>))
  const required: string[] = []
  const usual: Record<string, unknown> = {}
  for (const [name, schema] of schemas) {
    const omitted = schema.safeParse(undefined)
    if (!omitted.success) required.push(name)
    else if (omitted.data !== undefined) usual[name] = Object.freeze(omitted.data)
  }

  /** Undefined where something is wrong. */
  function readNamed(sent: Record<string, unknown>): Fields | undefined {
    if (required.some((name) => !Object.hasOwn(sent, name))) return undefined
    const fields = { ...usual }
    for (const [name, value] of Object.entries(sent)) {
      const read = schemas.get(name)?.safeParse(value)
      if (!read?.success) return undefined
      fields[name] = read.data
    }
    return fields as Fields
  }

  return (sent) => {
    const data = readNamed(sent)
    return data === undefined ? form.safeParse(sent) : { success: true, data }
  }
}
