import type { FastifyRequest } from 'fastify'
import type { Deps } from '../deps.ts'
import { type Caller, callerOf } from '../http/auth.ts'
import type { KnownModels } from './find-model.ts'
import { limitProblem } from './limit-problem.ts'

const dayMs = 24 * 3600 * 1000
/** Where no job of the model has ended yet. */
const unknownSeconds = 5
const freshMs = 250

type LimitDeps = Pick<Deps, 'state' | 'tenantStorage' | 'maxQueueDepth'>

/** Refuses a caller who would be refused anyway. @throws HttpProblem */
export type RefuseAtLimits = (caller: Caller) => Promise<void>

/**
 * A tenant at its limits, and everybody when the queue of every model that the caller may use is full. The check that
 * counts is made again, atomically, when the job is begun.
 */
export function refuseAtLimits(deps: LimitDeps, models: KnownModels): RefuseAtLimits {
  /** By tenant, when its storage last had room: one without other limits is not looked at more often than that. */
  const roomSeenAt = new Map<string, number>()

  return async (caller) => {
    const { maxJobs, maxQueued, dailyWork } = caller.limits
    const unlimited = maxJobs === undefined && maxQueued === undefined && dailyWork === undefined
    const now = performance.now()
    if (!unlimited || now - (roomSeenAt.get(caller.tenant) ?? -Infinity) > freshMs) {
      await refuseTenant(deps, caller)
      if (roomSeenAt.size >= 10_000) roomSeenAt.clear()
      roomSeenAt.set(caller.tenant, now)
    }
    const { full, seconds } = await deps.state.queue.full(await models.usable(caller), deps.maxQueueDepth)
    if (full) throw limitProblem({ reason: 'queue_full', retryAfterSeconds: seconds ?? unknownSeconds })
  }
}

/**
 * Refuses before the upload is read. A repeat under an Idempotency-Key may need no new place, so it is let through to
 * be known by its form.
 */
export function refuseEarly(refuse: RefuseAtLimits) {
  return async (request: FastifyRequest): Promise<void> => {
    if (request.headers['idempotency-key'] === undefined) await refuse(callerOf(request))
  }
}

async function refuseTenant(deps: LimitDeps, { tenant, limits }: Caller): Promise<void> {
  const { maxJobs, maxQueued, dailyWork, maxStorage = deps.tenantStorage } = limits
  const { jobs, queued, workToday, storage } = await deps.state.tenants.usage(tenant)
  const over = jobs >= (maxJobs ?? Infinity) ? 'end' : queued >= (maxQueued ?? Infinity) ? 'start' : null
  if (over !== null) {
    const reason = over === 'start' ? 'too_many_queued' : 'too_many_jobs'
    const retryAfterSeconds = (await deps.state.tenants.secondsUntilNext(tenant, over)) ?? unknownSeconds
    throw limitProblem({ reason, retryAfterSeconds })
  }
  if (workToday >= (dailyWork ?? Infinity)) {
    throw limitProblem({ reason: 'quota_exceeded', retryAfterSeconds: (dayMs - (Date.now() % dayMs)) / 1000 })
  }
  if (storage >= maxStorage) {
    const retryAfterSeconds = (await deps.state.tenants.secondsUntilStorage(tenant)) ?? unknownSeconds
    throw limitProblem({ reason: 'storage_quota', retryAfterSeconds })
  }
}
