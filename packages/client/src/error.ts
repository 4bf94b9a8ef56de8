import type { Problem } from './types.ts'

/** An answer other than success, with the service's own code and, for fields, where they are. */
export class PentimentoError extends Error {
  readonly status: number
  /** As in the table of errors; `unreadable` for an answer that is not the service's. */
  readonly code: string
  readonly errors: readonly { pointer: string; detail: string }[]
  readonly requestId: string | undefined
  /** Seconds after which a repeat may succeed. */
  readonly retryAfter: number | undefined

  constructor(status: number, problem: Partial<Problem>, retryAfter?: number) {
    super(problem.detail ?? problem.title ?? `the server answered ${status}`)
    this.name = 'PentimentoError'
    this.status = status
    this.code = problem.code ?? 'unreadable'
    this.errors = problem.errors ?? []
    this.requestId = problem.request_id
    this.retryAfter = retryAfter
  }
}

/** @throws PentimentoError for an answer other than success */
export async function refuseFailure(response: Response): Promise<void> {
  if (response.ok) return
  throw errorOf(response, await response.json().catch(() => ({})))
}

export function errorOf(response: Response, problem: unknown): PentimentoError {
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN)
  return new PentimentoError(response.status, Object(problem), Number.isFinite(seconds) ? seconds : undefined)
}
