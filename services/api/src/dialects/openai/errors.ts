import { type ErrorCode, errorTable, type Problem } from '@pentimento/contracts'
import type { ErrorAnswer, ErrorStyle } from '../../http/error-style.ts'
import type { HttpProblem } from '../../http/problem.ts'

/** What OpenAI's API has below `/v1`, and this one, but for images, has not. */
const roots =
  /^\/v1\/(images|assistants|audio|batches|chat|completions|edits|embeddings|files|fine_tuning|moderations|realtime|responses|threads|uploads|vector_stores|videos)(\/|$)/

/** Errors as OpenAI's SDKs read them: `{error: {message, type, param, code}}`. */
export const openaiErrors: ErrorStyle = { owns: (path) => roots.test(path), answer: openaiError }

/** Of routes that OpenAI's clients and native ones read alike: a problem document with the other's member in it. */
export const sharedErrors: ErrorStyle = {
  owns: (path) => /^\/v1\/models(\/|$)/.test(path),
  answer(document, problem) {
    const { headers, body } = openaiError(document, problem)
    return {
      status: document.status,
      headers: { ...headers, 'content-type': 'application/problem+json' },
      body: { ...document, ...(body as object) },
    }
  },
}

/** The SDKs sleep for as long as they are told to, hours too, or refuse to. */
const longestPauseSeconds = 60

/** Codes of OpenAI's own that stand for ours. */
const theirCodes: Partial<Record<ErrorCode, string>> = {
  unauthorized: 'invalid_api_key',
  unknown_model: 'model_not_found',
  empty_mask: 'invalid_mask_image_format',
}

/** What no repeat within minutes helps against. */
const lasting: readonly ErrorCode[] = ['quota_exceeded', 'storage_quota']

function openaiError(document: Problem, { options }: HttpProblem): ErrorAnswer {
  const { code, request_id } = document
  const status = statusOf(document)
  const repeats = errorTable[code].retryable && !lasting.includes(code)
  const seconds = options.retryAfterSeconds
  return {
    status,
    headers: {
      ...(!repeats && { 'x-should-retry': 'false' }),
      ...(seconds !== undefined && {
        'retry-after': String(Math.min(longestPauseSeconds, Math.max(1, Math.ceil(seconds)))),
      }),
    },
    body: {
      error: {
        message: messageOf(document),
        type: typeOf(status),
        param: paramOf(document),
        code: theirCodes[code] ?? code,
      },
      // Ours, whatever OpenAI's is.
      code,
      request_id,
    },
  }
}

/** OpenAI knows no 422, and a job that failed has no status of its own. */
function statusOf({ code, status }: Problem): number {
  if (code === 'unknown_model') return 404
  if (status === 0) return 500
  return status === 422 ? 400 : status
}

function typeOf(status: number): string {
  if (status >= 500) return 'server_error'
  return status === 429 ? 'rate_limit_error' : 'invalid_request_error'
}

function messageOf({ code, detail, title, errors = [] }: Problem): string {
  if (code === 'unauthorized') return 'Incorrect API key provided: send a key of this server, pmt_…, as the API key.'
  const fields = errors.map(({ pointer, detail: text }) => `${theirName(pointer)}: ${text}`)
  return fields.length > 0 ? fields.join('; ') : (detail ?? title)
}

function paramOf({ errors, code }: Problem): string | null {
  if (code === 'unknown_model') return 'model'
  const [first] = errors ?? []
  return first === undefined || first.pointer === '' ? null : theirName(first.pointer)
}

const theirNames: Record<string, string> = {
  image_url: 'image',
  num_images: 'n',
  width: 'size',
  height: 'size',
  output_quality: 'output_compression',
}

function theirName(pointer: string): string {
  const field = pointer.slice(1)
  return theirNames[field] ?? field
}
