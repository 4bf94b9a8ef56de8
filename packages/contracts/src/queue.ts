import { z } from 'zod'
import { jobId } from './ids.ts'
import { fromEarlierVersion, jobInput } from './inputs.ts'
import { jobKind, jobSource, jobWarning } from './job.ts'
import { jsonObject } from './json.ts'
import { inpaintParameters, parameters, txt2imgParameters } from './parameters.ts'
import { webhookEventNames } from './webhook-events.ts'

/**
 * Of a request as it is written now. Those before are still read: version 2 had no `txt2img`, version 1 named its
 * inputs `{ image, mask }`.
 */
export const requestVersion = 3

/**
 * What travels in the queue: everything else stands in the job record. Its version is that of the record's request, so
 * that a worker that cannot know it leaves the item to others; this one knows all.
 */
export const workItem = z.strictObject({
  version: z.literal([1, 2, requestVersion]),
  id: jobId,
  tenant: z.string(),
  model: z.string(),
})
export type WorkItem = z.infer<typeof workItem>

const requestBase = {
  version: z.literal(requestVersion),
  tenant: z.string(),
  /** Public part of the key that asked, which signs what is sent of the job. Without keys none. */
  key: z.string().optional(),
  model: z.string(),
  inputs: z.array(jobInput),
  /** Where the picture came from that it begins with. */
  source: jobSource.optional(),
  metadata: jsonObject,
  /** Results are looked at: those that are found unsafe are flagged, or black. */
  safety: z.enum(['flag', 'block']).optional(),
  /** What there is to say of the request before it runs. */
  warnings: z.array(jobWarning).optional(),
  expires_in: z.int(),
  deadline: z.int(),
  webhook: z
    .object({
      url: z.url(),
      events: z.array(z.enum(webhookEventNames)),
      /** What is sent: a bare prediction, as Replicate sends it, in place of an event of ours. */
      shape: z.literal('prediction').optional(),
    })
    .nullable(),
  /** W3C trace context of the submitting request. */
  traceparent: z.string().nullable(),
}

/** The accepted request as the job record keeps it and the worker parses it, of this version or one before. */
export const jobRequest = z.preprocess(
  fromEarlierVersion,
  z.discriminatedUnion('kind', [
    z.object({ ...requestBase, kind: z.literal(jobKind.enum.txt2img), parameters: txt2imgParameters }),
    z.object({ ...requestBase, kind: z.literal(jobKind.enum.img2img), parameters }),
    z.object({ ...requestBase, kind: z.literal(jobKind.enum.inpaint), parameters: inpaintParameters }),
  ]),
)
export type JobRequest = z.infer<typeof jobRequest>
