import { type ErrorCode, errorTable, type JobError } from '@pentimento/contracts'
import { ImageError } from '@pentimento/images'
import { StorageUnavailable } from '@pentimento/storage'
import { EngineError, type EngineErrorCode } from '../engine/engine-error.ts'

/** A job that cannot go on, in the words its owner gets. */
export class JobFailure extends Error {
  readonly code: ErrorCode

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'JobFailure'
    this.code = code
  }
}

/**
 * Engine codes that say something of the job itself: the same job would end the same way again. Their messages are
 * public.
 */
const ofTheJob: Partial<Record<EngineErrorCode, ErrorCode>> = {
  not_supported: 'not_supported',
  model_unusable: 'model_unusable',
  too_few_steps: 'too_few_steps',
  empty_mask: 'empty_mask',
  bad_output: 'bad_output',
}

/**
 * Engine codes that may be bad luck: the job gets one more try before it fails with this error. Null: the engine's own
 * words, which say how much was asked for and what to do.
 */
const ofTheEngine: Partial<Record<EngineErrorCode, readonly [ErrorCode, string | null]>> = {
  crashed: ['engine_crashed', 'The engine crashed twice while it ran this job.'],
  out_of_memory: ['out_of_memory', null],
  device_error: ['device_error', 'The device failed twice while it ran this job.'],
  internal: ['internal_error', 'The engine failed twice while it ran this job.'],
}

/** The error of a job that gets one more try, or null when another try would bring nothing new. */
export function errorOfCrash(error: unknown): JobError | null {
  if (!(error instanceof EngineError)) return null
  const [code, message] = ofTheEngine[error.code] ?? [null, null]
  return code === null ? null : jobError(code, message ?? error.message)
}

/** The public error of a job that ends here. Nothing internal gets through: what is not known is `internal_error`. */
export function errorOfFailure(error: unknown): JobError {
  if (error instanceof JobFailure) return jobError(error.code, error.message)
  if (error instanceof StorageUnavailable) {
    return jobError('storage_unavailable', 'The storage could not be reached while the job ran.')
  }
  if (error instanceof ImageError) return jobError('invalid_image', `The input cannot be decoded: ${error.message}.`)
  if (error instanceof EngineError) {
    if (error.code === 'timeout') return jobError('timed_out', 'The job ran longer than is allowed here.')
    const code = ofTheJob[error.code]
    if (code) return jobError(code, error.message)
  }
  return jobError('internal_error', 'The job failed on our side.')
}

/** A device that failed is not to be trusted with the next job; after other errors those that still run may go on. */
export function leavesDeviceInDoubt(error: unknown): boolean {
  if (!(error instanceof EngineError)) return false
  return error.code === 'device_error' || (error.together === 1 && ['out_of_memory', 'internal'].includes(error.code))
}

function jobError(code: ErrorCode, message: string): JobError {
  return { code, message, retryable: errorTable[code].retryable }
}
