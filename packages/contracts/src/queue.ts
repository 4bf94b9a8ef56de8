import { z } from 'zod'
import { jobId } from './ids.ts'
import { jobKind } from './job.ts'
import { jsonObject } from './json.ts'
import { inpaintParameters, parameters } from './parameters.ts'
import { webhookEventNames } from './webhook-events.ts'

/** What travels in the queue: everything else stands in the job record. Versioned, so that an old worker refuses what it cannot know. */
export const workItem = z.strictObject({ version: z.literal(1), id: jobId, tenant: z.string(), model: z.string() })
export type WorkItem = z.infer<typeof workItem>

const requestBase = {
  version: z.literal(1),
  tenant: z.string(),
  model: z.string(),
  /** Object names below the job's own prefix; the worker never sees another path. */
  inputs: z.object({ image: z.string(), mask: z.string().nullable() }),
  /** What the inputs are as files and as pictures, and so what they cost; records of earlier versions have none. */
  input_size: z.object({ bytes: z.int(), image_pixels: z.int(), mask_pixels: z.int() }).optional(),
  metadata: jsonObject,
  expires_in: z.int(),
  deadline: z.int(),
  webhook: z.object({ url: z.url(), events: z.array(z.enum(webhookEventNames)) }).nullable(),
  /** W3C trace context of the submitting request. */
  traceparent: z.string().nullable(),
}

/** The accepted request as the job record keeps it and the worker parses it. */
export const jobRequest = z.discriminatedUnion('kind', [
  z.object({ ...requestBase, kind: z.literal(jobKind.enum.img2img), parameters }),
  z.object({ ...requestBase, kind: z.literal(jobKind.enum.inpaint), parameters: inpaintParameters }),
])
export type JobRequest = z.infer<typeof jobRequest>
