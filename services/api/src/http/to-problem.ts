import type { ErrorCode } from '@pentimento/contracts'
import { EnqueueUnknown, StateUnavailable } from '@pentimento/state'
import { RangeNotSatisfiable, StorageUnavailable } from '@pentimento/storage'
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod'
import type { z } from 'zod'
import { fieldPointer, HttpProblem } from './problem.ts'

const retryAfterSeconds = 2

/** What Fastify and its plugins throw for bad input, by their codes. */
const pluginErrors: Record<string, [ErrorCode, string]> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: ['unsupported_media_type', 'this route does not take that content type'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: ['invalid_request', 'Content-Length does not match the body'],
  FST_ERR_CTP_BODY_TOO_LARGE: ['payload_too_large', 'the body is larger than this route takes'],
}

/** The answer to any error, or null when it is our own fault. */
export function toProblem(error: unknown): HttpProblem | null {
  if (error instanceof HttpProblem) return error
  if (hasZodFastifySchemaValidationErrors(error)) {
    const where = (error as { validationContext?: string }).validationContext ?? 'body'
    // A path that cannot name anything names nothing.
    if (where === 'params') return new HttpProblem('not_found', 'there is nothing under this path')
    return invalidFields(
      error.validation.flatMap(({ keyword, instancePath, message, params }) => {
        const keys = keyword === 'unrecognized_keys' ? ((params as { keys?: string[] }).keys ?? []) : null
        if (keys) return keys.map((name) => unknownField(name, null))
        return [{ pointer: instancePath.replace(/\/$/, ''), detail: message ?? 'not valid' }]
      }),
      where,
    )
  }
  if (error instanceof EnqueueUnknown) {
    const detail = 'repeat the request with its Idempotency-Key to learn whether the job was accepted'
    return new HttpProblem('enqueue_unknown', detail, { retryAfterSeconds, cause: error })
  }
  if (error instanceof StateUnavailable) {
    return new HttpProblem('queue_unavailable', 'try again shortly', { retryAfterSeconds, cause: error })
  }
  if (error instanceof RangeNotSatisfiable) {
    const headers = { 'content-range': `bytes */${error.size}` }
    return new HttpProblem('range_not_satisfiable', `the image has ${error.size} bytes`, { headers })
  }
  if (error instanceof StorageUnavailable) {
    return new HttpProblem('storage_unavailable', 'try again shortly', { retryAfterSeconds, cause: error })
  }
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') {
    const known = pluginErrors[error.code]
    if (known) return new HttpProblem(...known, { cause: error })
  }
  const status = (error as { statusCode?: unknown } | null)?.statusCode
  if (typeof status === 'number' && status >= 400 && status < 500) {
    return new HttpProblem('invalid_request', 'the request cannot be read', { cause: error })
  }
  return null
}

/**
 * What a schema says against a form.
 *
 * @param meant what may be meant by a field that is unknown, or null
 */
export function formProblem(error: z.ZodError, meant: (name: string) => string | null = () => null): HttpProblem {
  return invalidFields(
    error.issues.flatMap((issue) => {
      if (issue.code === 'unrecognized_keys') return issue.keys.map((name) => unknownField(name, meant(name)))
      return [{ pointer: issue.path.map((name) => `/${String(name)}`).join(''), detail: issue.message }]
    }),
    'body',
  )
}

function unknownField(name: string, meant: string | null) {
  return {
    pointer: fieldPointer(name),
    detail: meant === null ? 'there is no such field' : `there is no such field: ${meant}`,
  }
}

function invalidFields(errors: { pointer: string; detail: string }[], where: string): HttpProblem {
  const what = where === 'querystring' ? 'query parameters' : 'fields'
  return new HttpProblem('invalid_fields', `${errors.length} of the ${what} cannot be used; see errors`, { errors })
}
