import type { Begun } from '@pentimento/state'
import { HttpProblem } from '../http/problem.ts'

type Refusal = Pick<Extract<Begun, { outcome: 'refused' }>, 'reason' | 'retryAfterSeconds'>

/** What a caller at a limit is told, wherever it is noticed. */
export function limitProblem({ reason, retryAfterSeconds }: Refusal): HttpProblem {
  switch (reason) {
    case 'queue_full':
      return new HttpProblem('queue_full', 'try again later', { retryAfterSeconds })
    case 'storage_quota':
      return new HttpProblem(
        'storage_quota',
        'your jobs keep as much as they may: delete some that you need no more, or wait until the next one goes',
        { retryAfterSeconds },
      )
    case 'quota_exceeded':
      return new HttpProblem('quota_exceeded', "today's megapixel-steps are used up", { retryAfterSeconds })
    case 'too_many_queued':
      return new HttpProblem('too_many_jobs', 'as many of your jobs wait as your key allows', { retryAfterSeconds })
    case 'too_many_jobs':
      return new HttpProblem('too_many_jobs', 'as many of your jobs are under way as your key allows', {
        retryAfterSeconds,
      })
  }
}
