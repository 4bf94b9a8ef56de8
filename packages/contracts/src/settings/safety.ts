import { z } from 'zod'

/** What is done with results: nothing; or they are looked at, and those that are found unsafe are told, or black. */
export const safetyPolicy = z.enum(['off', 'flag', 'block'])
export type SafetyPolicy = z.infer<typeof safetyPolicy>

/** Read by api and worker alike. */
export const safetySettings = z
  .object({ SAFETY_CHECKER: safetyPolicy.default('off') })
  .transform(({ SAFETY_CHECKER }) => SAFETY_CHECKER)
