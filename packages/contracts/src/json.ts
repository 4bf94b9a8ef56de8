import { z } from 'zod'

export type JsonValue = string | number | boolean | null | JsonValue[] | { [name: string]: JsonValue }

/** Any JSON. As `z.json()`, but with a name, by which the OpenAPI document can refer to it. */
const jsonValue: z.ZodType<JsonValue> = z
  .lazy(() =>
    z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(jsonValue), z.record(z.string(), jsonValue)]),
  )
  .meta({ id: 'Json' })

export const jsonObject = z.record(z.string(), jsonValue)
