import { z } from 'zod'

/**
 * What a file is to the job: the picture that it begins from, the mask over it, one that it shall resemble, or one that
 * it is held to.
 */
const inputRoles = ['source', 'mask', 'reference', 'control'] as const
export type InputRole = (typeof inputRoles)[number]

/** A file that a job works on. */
export const jobInput = z.object({
  /** Of the form field; unique within the job. */
  name: z.string(),
  role: z.enum(inputRoles),
  /** Of its object, below the job's own prefix for inputs; the worker never sees another path. */
  key: z.string(),
  /** Size of the file; 0 where an earlier version kept none. */
  bytes: z.int().min(0),
  /** Of the picture as it is seen, in pixels; 0 where an earlier version kept none. */
  width: z.int().min(0),
  height: z.int().min(0),
})
export type JobInput = z.infer<typeof jobInput>

/** The names of the two files that a job of version 1 could have. */
const earlierInputs = z.object({ image: z.string(), mask: z.string().nullable() })

/**
 * A job's request of version 1 or 2 as one of version 3; anything else as it is. Jobs that an earlier version accepted
 * run, and are shown, until they expire, a month after their end at the latest.
 */
export function fromEarlierVersion(request: unknown): unknown {
  if (typeof request !== 'object' || request === null || !('version' in request)) return request
  if (request.version === 2) return { ...request, version: 3 }
  if (request.version !== 1) return request
  const { inputs, ...rest } = request as { inputs?: unknown }
  const earlier = earlierInputs.safeParse(inputs)
  if (!earlier.success) return request
  const { image, mask } = earlier.data
  const unknownSize = { bytes: 0, width: 0, height: 0 }
  const list: JobInput[] = [{ name: 'image', role: 'source', key: image, ...unknownSize }]
  if (mask !== null) list.push({ name: 'mask', role: 'mask', key: mask, ...unknownSize })
  return { ...rest, version: 3, inputs: list }
}
