import type { Problem } from '@pentimento/contracts'
import type { HttpProblem } from './problem.ts'

export interface ErrorAnswer {
  status: number
  headers?: Record<string, string>
  /** JSON. */
  body: unknown
}

/** How the clients of another API want its errors, whatever goes wrong below its paths. */
export interface ErrorStyle {
  /** @param path without the query */
  owns(path: string): boolean
  /** @param document what a native client would read: it is public, and no key stands in it */
  answer(document: Problem, problem: HttpProblem): ErrorAnswer
}

/** The path of a request's target. */
export function pathOf(url: string): string {
  return url.split('?')[0] ?? '/'
}
