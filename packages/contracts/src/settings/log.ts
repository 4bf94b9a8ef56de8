import { z } from 'zod'

const levels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const

/** What the log tells. */
export const logSettings = z
  .object({ LOG_LEVEL: z.enum(levels).default('info') })
  .transform(({ LOG_LEVEL }) => ({ level: LOG_LEVEL }))
