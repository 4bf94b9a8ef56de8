import { type ErrorCode, errorTable, jobId, numberField, problem } from '@pentimento/contracts'
import { z } from 'zod'

export const jobParams = z.object({ id: jobId })

/** Of a job's routes; a signature for it opens what can be read below it, too. */
export const jobPath = '/v1/jobs/:id'

/** The query parameter that lets a browser in, which can send no key with a picture or an EventSource. */
export const signature = z
  .string()
  .max(200)
  .optional()
  .describe('of a signed URL, or a browser token: in place of a key')

/** Seconds that a client will wait for the end of a job. */
export const waitSeconds = numberField(z.int().min(0).max(60))

type ErrorStatus = Exclude<(typeof errorTable)[ErrorCode]['status'], 0>
type Refusal = { description: string; content: { 'application/problem+json': { schema: typeof problem } } }

const ofAll: ErrorCode[] = ['invalid_request', 'foreign_page', 'misdirected_request', 'internal_error']
const ofTenants: ErrorCode[] = ['unauthorized', 'forbidden', 'invalid_fields', 'rate_limited', 'queue_unavailable']
const ofBodies: ErrorCode[] = ['request_timeout', 'payload_too_large', 'unsupported_media_type']

/** The error answers of a route that nobody needs a key for, by status, for the OpenAPI document. */
export function openRefusals(...codes: ErrorCode[]): Record<ErrorStatus, Refusal> {
  const all = [...new Set([...ofAll, ...codes])].toSorted((a, b) => errorTable[a].status - errorTable[b].status)
  const byStatus = Map.groupBy(all, (code) => errorTable[code].status)
  const refusals = [...byStatus].map(([status, same]): [number, Refusal] => {
    const description = same.map((code) => `\`${code}\`: ${errorTable[code].title}.`).join(' ')
    return [status, { description, content: { 'application/problem+json': { schema: problem } } }]
  })
  return Object.fromEntries(refusals) as Record<ErrorStatus, Refusal>
}

/** The same of a route for tenants. */
export function refusals(...codes: ErrorCode[]): Record<ErrorStatus, Refusal> {
  return openRefusals(...ofTenants, ...codes)
}

/** The same of one that takes a body. */
export function bodyRefusals(...codes: ErrorCode[]): Record<ErrorStatus, Refusal> {
  return refusals(...ofBodies, ...codes)
}

/** What a route about one job may find in its place. */
export const absentJob = ['not_found', 'expired', 'deleted'] as const satisfies ErrorCode[]
