import { z } from 'zod'
import { isAllowEntry } from './allow-list.ts'

/** Exceptions that the operator makes for outgoing requests. */
export const outboundSettings = z
  .object({
    OUTBOUND_ALLOW: z
      .string()
      .transform(entriesOf)
      .refine((entries) => entries.every(isAllowEntry), 'must be addresses, networks (CIDR) or host names')
      .default([]),
  })
  .transform(({ OUTBOUND_ALLOW }) => ({ allow: OUTBOUND_ALLOW }))

function entriesOf(text: string): string[] {
  return text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
}
