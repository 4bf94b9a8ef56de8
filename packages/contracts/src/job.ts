import { z } from 'zod'
import { errorCodes } from './errors.ts'
import { jobId } from './ids.ts'
import { jsonObject } from './json.ts'
import { inpaintParameters, parameters, txt2imgParameters } from './parameters.ts'

export const jobStatuses = ['queued', 'processing', 'succeeded', 'failed', 'canceled', 'expired'] as const
export const jobStatus = z.enum(jobStatuses)
export type JobStatus = z.infer<typeof jobStatus>
export type FinalStatus = Exclude<JobStatus, 'queued' | 'processing'>

export function isFinal(status: JobStatus): status is FinalStatus {
  return status !== 'queued' && status !== 'processing'
}

export const jobKind = z.enum(['txt2img', 'img2img', 'inpaint'])
export type JobKind = z.infer<typeof jobKind>

/** ISO 8601 UTC with milliseconds. */
const timestamp = z.iso.datetime({ precision: 3 })

const progress = z
  .object({
    phase: z.enum(['loading', 'encoding', 'denoising', 'decoding', 'uploading']),
    step: z.int(),
    steps: z.int(),
    percent: z.int().min(0).max(100),
  })
  .meta({ id: 'Progress' })
export type Progress = z.infer<typeof progress>

const jobImage = z
  .object({
    index: z.int(),
    url: z.url(),
    signed_url: z.url().describe('opens without a key, until `signed_until`'),
    seed: z.int(),
    variation_seed: z.int().nullable(),
    width: z.int(),
    height: z.int(),
    flagged: z.boolean().nullable().describe('whether the safety checker found it unsafe; null where nobody looked'),
    content_type: z.enum(['image/png', 'image/jpeg', 'image/webp']),
    bytes: z.int(),
    sha256: z.string(),
  })
  .meta({ id: 'JobImage' })
export type JobImage = z.infer<typeof jobImage>

const jobError = z
  .object({ code: z.enum(errorCodes), message: z.string(), retryable: z.boolean() })
  .meta({ id: 'JobError' })
export type JobError = z.infer<typeof jobError>

export const jobWarning = z.object({ code: z.string(), message: z.string() }).meta({ id: 'JobWarning' })
export type JobWarning = z.infer<typeof jobWarning>

/**
 * Times in milliseconds. `queue_ms`: from acceptance to the start of the attempt that finished. `shape_warmup_ms`: of
 * encoding, denoising and decoding, in first calls of shapes that the GPU had not seen.
 */
const jobMetrics = z
  .object({
    queue_ms: z.number(),
    load_ms: z.number(),
    encode_ms: z.number(),
    denoise_ms: z.number(),
    decode_ms: z.number(),
    shape_warmup_ms: z.number(),
    upload_ms: z.number(),
    total_ms: z.number(),
    steps_per_second: z.number().nullable(),
    model_calls: z.int(),
    attempts: z.int(),
  })
  .meta({ id: 'JobMetrics' })
export type JobMetrics = z.infer<typeof jobMetrics>

/** A result of an earlier job. */
export const jobSource = z.object({ job: jobId, index: z.int() }).meta({ id: 'JobSource' })
export type JobSource = z.infer<typeof jobSource>

/** What is shown of the parameters can be sent again, and paints the same picture: null is as if it were left out. */
function asSent<Shape extends { steps_run: z.ZodType } & z.ZodRawShape>(all: z.ZodObject<Shape>) {
  const { steps_run: _, ...shape } = all.shape
  return z.object(shape)
}

const jobUrls = z
  .object({
    self: z.url(),
    cancel: z.url(),
    events: z.url(),
    events_signed: z.url().describe('opens without a key, until `signed_until`'),
  })
  .meta({ id: 'JobUrls' })

const jobBase = {
  id: jobId,
  status: jobStatus,
  model: z.string(),
  source: jobSource.nullable().describe('the result that this job began from (`image_job`)'),
  created_at: timestamp,
  started_at: timestamp.nullable(),
  finished_at: timestamp.nullable(),
  expires_at: timestamp.nullable(),
  cancel_requested_at: timestamp.nullable(),
  queue_position: z.int().nullable(),
  eta_seconds: z.number().nullable(),
  progress: progress.nullable(),
  steps_run: z.int().describe('sampler steps that really run, of each image'),
  images: z.array(jobImage),
  error: jobError.nullable(),
  warnings: z.array(jobWarning),
  metrics: jobMetrics.nullable(),
  metadata: jsonObject,
  urls: jobUrls,
  signed_until: timestamp.nullable().describe('null on a server without keys, and for a key without the scope `read`'),
}

/** A job of one kind. Everything has a name of its own: what has none, generators of clients name by its place. */
function jobOf<Kind extends JobKind, Parameters extends z.ZodType>(kind: Kind, sent: Parameters) {
  const name = `${kind[0]?.toUpperCase()}${kind.slice(1)}`
  const named = sent.meta({ id: `${name}Parameters` })
  return z.object({ ...jobBase, kind: z.literal(kind), parameters: named }).meta({ id: `${name}Job` })
}

/** The job object: what every route and every webhook shows of a job. */
export const job = z
  .discriminatedUnion('kind', [
    jobOf('txt2img', asSent(txt2imgParameters)),
    jobOf('img2img', asSent(parameters)),
    jobOf('inpaint', asSent(inpaintParameters)),
  ])
  .meta({ id: 'Job' })
export type Job = z.infer<typeof job>

const preview = z
  .object({
    index: z.int().describe("which of the job's pictures; they take turns"),
    step: z.int(),
    content_type: z.literal('image/webp'),
    data: z.string().describe('at most 256 pixels wide and high, in base64'),
  })
  .meta({ id: 'Preview' })

/** What a stream of a job's events is made of: the name of each, and its data. */
export const streamEvent = z
  .discriminatedUnion('event', [
    z.object({ event: z.literal('job'), data: job }).meta({ id: 'JobStreamEvent' }),
    z.object({ event: z.literal('progress'), data: progress }).meta({ id: 'ProgressStreamEvent' }),
    z.object({ event: z.literal('preview'), data: preview }).meta({ id: 'PreviewStreamEvent' }),
  ])
  .meta({ id: 'StreamEvent', description: 'One event: what stands behind `event:`, and the JSON behind `data:`' })
export type StreamEventOf<Name extends string> = Extract<z.infer<typeof streamEvent>, { event: Name }>
