import { jobId, numberField, problem } from '@pentimento/contracts'
import { z } from 'zod'

export const jobParams = z.object({ id: jobId })

/** Seconds that a client will wait for the end of a job. */
export const waitSeconds = numberField(z.int().min(0).max(60))

/** The error answers of a route, for the OpenAPI document. */
export const problems = {
  '4xx': { description: 'Refused', content: { 'application/problem+json': { schema: problem } } },
  '5xx': { description: 'Try again', content: { 'application/problem+json': { schema: problem } } },
} as const
