import { type ErrorCode, errorTable, type Problem, withoutSecrets } from '@pentimento/contracts'

interface ProblemOptions {
  /** JSON pointers to the fields that are wrong. */
  errors?: { pointer: string; detail: string }[]
  retryAfterSeconds?: number
  headers?: Record<string, string>
  /** Extension members, such as the job that a refused cancel is about. */
  members?: Record<string, unknown>
  cause?: unknown
}

/** An answer other than success. Everything in it is public. */
export class HttpProblem extends Error {
  readonly code: ErrorCode
  readonly status: number
  readonly options: ProblemOptions

  constructor(code: ErrorCode, detail: string, options: ProblemOptions = {}) {
    super(detail, { cause: options.cause })
    this.name = 'HttpProblem'
    this.code = code
    this.status = errorTable[code].status
    this.options = options
  }
}

/** One field that is wrong, as an answer. */
export function fieldProblem(code: ErrorCode, field: string, detail: string): HttpProblem {
  return new HttpProblem(code, detail, { errors: [{ pointer: fieldPointer(field), detail }] })
}

/** The JSON pointer to a top-level field of any name (RFC 6901, section 3). */
export function fieldPointer(name: string): string {
  return `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`
}

/**
 * What leaves as the answer. Field names and hosts, of which it may speak, are whatever the client sent: a key among
 * them goes no further.
 */
export function problemDocument(problem: HttpProblem, requestId: string): Problem & Record<string, unknown> {
  const { errors, members } = problem.options
  return {
    type: `urn:pentimento:problem:${problem.code}`,
    title: errorTable[problem.code].title,
    status: problem.status,
    detail: withoutSecrets(problem.message),
    code: problem.code,
    request_id: requestId,
    ...(errors && {
      errors: errors.map(({ pointer, detail }) => ({
        pointer: withoutSecrets(pointer),
        detail: withoutSecrets(detail),
      })),
    }),
    ...members,
  }
}
