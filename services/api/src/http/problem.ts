import { type ErrorCode, errorTable, type Problem } from '@pentimento/contracts'

export interface ProblemOptions {
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

export function problemDocument(problem: HttpProblem, requestId: string): Problem & Record<string, unknown> {
  return {
    type: `urn:pentimento:problem:${problem.code}`,
    title: errorTable[problem.code].title,
    status: problem.status,
    detail: problem.message,
    code: problem.code,
    request_id: requestId,
    ...(problem.options.errors && { errors: problem.options.errors }),
    ...problem.options.members,
  }
}
