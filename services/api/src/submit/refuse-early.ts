import type { FastifyRequest } from 'fastify'
import type { Deps } from '../deps.ts'
import { callerOf } from '../http/auth.ts'
import { HttpProblem } from '../http/problem.ts'

const dayMs = 24 * 3600 * 1000
/** Where no job of the model has ended yet. */
const unknownSeconds = 5

/**
 * Refuses a tenant at its limits before its upload is read. The check that counts is made again, atomically, when the job is begun. A repeat under an
 * Idempotency-Key needs no new place, so it is let through.
 */
export function refuseEarly(deps: Deps) {
  return async (request: FastifyRequest): Promise<void> => {
    const { tenant, limits } = callerOf(request)
    const { maxJobs, maxQueued, dailyWork } = limits
    if (request.headers['idempotency-key'] !== undefined) return
    if (maxJobs === undefined && maxQueued === undefined && dailyWork === undefined) return
    const { jobs, queued, workToday, secondsPerJob } = await deps.state.tenants.usage(tenant)
    if (jobs >= (maxJobs ?? Infinity) || queued >= (maxQueued ?? Infinity)) {
      const detail = 'as many of your jobs wait or run as your key allows'
      throw new HttpProblem('too_many_jobs', detail, { retryAfterSeconds: secondsPerJob ?? unknownSeconds })
    }
    if (workToday >= (dailyWork ?? Infinity)) {
      const retryAfterSeconds = (dayMs - (Date.now() % dayMs)) / 1000
      throw new HttpProblem('quota_exceeded', "today's megapixel-steps are used up", { retryAfterSeconds })
    }
  }
}
