import type { FastifyRequest } from 'fastify'
import type { Deps } from '../deps.ts'
import { type Caller, callerOf } from '../http/auth.ts'
import { HttpProblem } from '../http/problem.ts'
import type { KnownModels } from './find-model.ts'

const dayMs = 24 * 3600 * 1000
/** Where no job of the model has ended yet. */
const unknownSeconds = 5

/**
 * Refuses before the upload is read: a tenant at its limits, and everybody when the queue of every model that the caller may use is full. The check that
 * counts is made again, atomically, when the job is begun. A repeat under an Idempotency-Key may need no new place, so it is let through.
 */
export function refuseEarly(deps: Deps, models: KnownModels) {
  return async (request: FastifyRequest): Promise<void> => {
    if (request.headers['idempotency-key'] !== undefined) return
    const caller = callerOf(request)
    await refuseTenant(deps, caller)
    const { full, seconds } = await deps.state.queue.full(await models.usable(caller), deps.maxQueueDepth)
    if (full) throw new HttpProblem('queue_full', 'try again later', { retryAfterSeconds: seconds ?? unknownSeconds })
  }
}

async function refuseTenant(deps: Deps, { tenant, limits }: Caller): Promise<void> {
  const { maxJobs, maxQueued, dailyWork } = limits
  if (maxJobs === undefined && maxQueued === undefined && dailyWork === undefined) return
  const { jobs, queued, workToday } = await deps.state.tenants.usage(tenant)
  const over = jobs >= (maxJobs ?? Infinity) ? 'end' : queued >= (maxQueued ?? Infinity) ? 'start' : null
  if (over !== null) {
    const which = over === 'start' ? 'wait' : 'are under way'
    const seconds = await deps.state.tenants.secondsUntilNext(tenant, over)
    const retryAfterSeconds = seconds ?? unknownSeconds
    throw new HttpProblem('too_many_jobs', `as many of your jobs ${which} as your key allows`, { retryAfterSeconds })
  }
  if (workToday >= (dailyWork ?? Infinity)) {
    const retryAfterSeconds = (dayMs - (Date.now() % dayMs)) / 1000
    throw new HttpProblem('quota_exceeded', "today's megapixel-steps are used up", { retryAfterSeconds })
  }
}
