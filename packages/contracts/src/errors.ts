import { z } from 'zod'

interface ErrorEntry {
  status: number
  title: string
  /** Whether the same request can succeed later without a change. */
  retryable: boolean
}

/**
 * Every error a client can meet, as the HTTP status of a problem document or (status 0) only as `error.code` of a job
 * that ended without a result. `docs/errors.md` explains each; a test holds the two together.
 */
export const errorTable = {
  invalid_request: { status: 400, title: 'The request cannot be read', retryable: false },
  invalid_multipart: { status: 400, title: 'The multipart body cannot be read', retryable: false },
  duplicate_field: { status: 400, title: 'A field was sent twice', retryable: false },
  unauthorized: { status: 401, title: 'The API key is missing or not valid', retryable: false },
  forbidden: { status: 403, title: 'The API key may not do this', retryable: false },
  foreign_page: { status: 403, title: 'A page of another origin may not do this', retryable: false },
  not_found: { status: 404, title: 'There is nothing here', retryable: false },
  method_not_allowed: { status: 405, title: 'This route does not know this method', retryable: false },
  request_timeout: { status: 408, title: 'The request took too long to arrive', retryable: true },
  already_final: { status: 409, title: 'The job has ended already', retryable: false },
  not_ready: { status: 409, title: 'The job has no images yet', retryable: true },
  idempotency_in_progress: {
    status: 409,
    title: 'A request with this Idempotency-Key is still being accepted',
    retryable: true,
  },
  expired: { status: 410, title: 'The job has expired', retryable: false },
  deleted: { status: 410, title: 'The job was deleted', retryable: false },
  payload_too_large: { status: 413, title: 'The request is too large', retryable: false },
  unsupported_media_type: { status: 415, title: 'The content type is not supported', retryable: false },
  range_not_satisfiable: { status: 416, title: 'The range lies outside the image', retryable: false },
  misdirected_request: { status: 421, title: 'This server does not answer under this name', retryable: false },
  invalid_fields: { status: 422, title: 'Some fields are not valid', retryable: false },
  not_supported: { status: 422, title: 'This option is not supported', retryable: false },
  unknown_model: { status: 422, title: 'There is no such model', retryable: false },
  unknown_lora: { status: 422, title: 'There is no such LoRA', retryable: false },
  unknown_control: { status: 422, title: 'There is no such ControlNet', retryable: false },
  unknown_upscaler: { status: 422, title: 'There is no such upscaler', retryable: false },
  unknown_reference_model: { status: 422, title: 'There is no such IP-Adapter', retryable: false },
  invalid_image: { status: 422, title: 'The image cannot be used', retryable: false },
  image_required: { status: 422, title: 'An image is required', retryable: false },
  mask_required: { status: 422, title: 'A mask is required', retryable: false },
  empty_mask: { status: 422, title: 'The mask repaints nothing', retryable: false },
  too_few_steps: { status: 422, title: 'No step would run', retryable: false },
  too_much_work: { status: 422, title: 'The job is too large', retryable: false },
  image_url_failed: { status: 422, title: 'The image could not be fetched', retryable: true },
  source_unavailable: { status: 422, title: 'The source job has no such image', retryable: false },
  idempotency_mismatch: { status: 422, title: 'This Idempotency-Key was used for another request', retryable: false },
  no_webhook_secret: { status: 422, title: 'There is no webhook secret', retryable: false },
  webhook_url_refused: { status: 422, title: 'The webhook URL is refused', retryable: false },
  rate_limited: { status: 429, title: 'Too many requests', retryable: true },
  too_many_jobs: { status: 429, title: 'Too many jobs at once', retryable: true },
  too_many_secrets: { status: 429, title: 'Too many webhook secrets are valid at once', retryable: true },
  quota_exceeded: { status: 429, title: "The day's quota is used up", retryable: true },
  storage_quota: { status: 429, title: 'Your jobs keep as much as they may', retryable: true },
  internal_error: { status: 500, title: 'Something went wrong on our side', retryable: true },
  queue_unavailable: { status: 503, title: 'The queue cannot be reached', retryable: true },
  queue_full: { status: 503, title: 'The queue is full', retryable: true },
  no_worker: { status: 503, title: 'No worker has announced a model yet', retryable: true },
  overloaded: { status: 503, title: 'The server is busy with other uploads', retryable: true },
  enqueue_unknown: { status: 503, title: 'It is not known whether the job was accepted', retryable: true },
  storage_unavailable: { status: 503, title: 'The storage cannot be reached', retryable: true },
  draining: { status: 503, title: 'This server is shutting down', retryable: true },
  engine_crashed: { status: 0, title: 'The engine crashed while it ran this job', retryable: true },
  timed_out: { status: 0, title: 'The job ran longer than is allowed', retryable: false },
  out_of_memory: { status: 0, title: 'The job needs more memory than there is', retryable: false },
  device_error: { status: 0, title: 'The device failed', retryable: true },
  bad_output: { status: 0, title: 'The model produced no usable picture', retryable: false },
  model_unusable: { status: 0, title: 'The model cannot be used', retryable: false },
  input_lost: { status: 0, title: "The job's input is no longer there", retryable: false },
} as const satisfies Record<string, ErrorEntry>

export type ErrorCode = keyof typeof errorTable
export const errorCodes: readonly ErrorCode[] = Object.keys(errorTable) as ErrorCode[]

/** RFC 9457 problem document, with our stable `code` and, for invalid input, pointers to the fields. */
export const problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string().optional(),
    code: z.enum(errorCodes),
    request_id: z.string().optional(),
    errors: z.array(z.object({ pointer: z.string(), detail: z.string() })).optional(),
  })
  .meta({ id: 'Problem' })
export type Problem = z.infer<typeof problem>
