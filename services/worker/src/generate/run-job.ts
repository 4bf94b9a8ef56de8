import { isFinal, type JobRequest } from '@pentimento/contracts'
import type { Handled, Handler, HeldItem, JobRecord, JobResult, Jobs } from '@pentimento/state'
import type { ObjectStore } from '@pentimento/storage'
import type { Logger } from 'pino'
import type { FoundAdapters } from '../adapters/find-adapters.ts'
import { type ModelRef, refKey } from '../engine/protocol.ts'
import { retryState } from '../retry-state.ts'
import { fetchInputs } from './fetch-inputs.ts'
import type { Input } from './inputs.ts'
import { errorOfFailure } from './job-failure.ts'
import { embeddingsFor, enlargingFor, modelFor, safetyOf } from './model-for.ts'
import { type Attempt, type AttemptDeps, runAttempt } from './run-attempt.ts'
import type { SlotClaim, Slots } from './slots.ts'

export interface JobDeps extends AttemptDeps {
  jobs: Jobs
  store: ObjectStore
  slots: Slots
  /** By id: the models this worker consumes. */
  models: ReadonlyMap<string, { ref: ModelRef }>
  adapters: FoundAdapters
  workerId: string
  /** Aborted with `shutdown` when the worker drains: what has not started goes back at once. */
  draining: AbortSignal
  log: Logger
}

/**
 * Makes the handler of work items. Each one is prepared while the engine runs another, waits for the slot, becomes an
 * attempt, and has its results stored while the engine runs the next.
 */
export function createJobHandler(deps: JobDeps): Handler {
  return async (item, signal) => {
    const log = deps.log.child({ job: item.id, model: item.model })
    const waiting = AbortSignal.any([signal, deps.draining])

    // 1. The record is the truth: the item may be a leftover.
    const job = await lookUp(deps.jobs, item)
    const model = deps.models.get(item.model)
    if (!job || !model) return 'done'

    // 2. Inputs, decoded, and then the slot.
    let inputs: Input[]
    let giveSlotBack: () => void
    let ref: ModelRef
    let enlarging: Attempt['enlarging']
    let safety: Attempt['safety']
    try {
      ref = modelFor(model.ref, job.request.parameters, deps.adapters)
      enlarging = enlargingFor(job.request.parameters, deps.adapters)
      safety = safetyOf(job.request, deps.adapters)
      inputs = await orAborted(fetchInputs(deps.store, job.id, job.request), waiting)
      giveSlotBack = await deps.slots.acquire({ ...claimOf(item, job), needs: refKey(ref) }, waiting)
    } catch (error) {
      if (waiting.aborted) return waiting.reason === 'shutdown' ? 'give-back' : 'done'
      log.warn({ err: error }, 'the job cannot be prepared')
      return failUnstarted(deps, job, error)
    }

    // 3. The attempt.
    try {
      const shares = deps.engine.slots > 1 && !job.alone
      const started = await retryState(() => deps.jobs.start(job.id, deps.workerId, { shares }))
      if (started.outcome === 'canceled')
        deps.observer.ended(job.model, { status: 'canceled', error: null, metrics: null })
      if (started.outcome !== 'started') return 'done'
      log.info({ attempt: started.attempt }, 'attempt started')
      const embeddings = embeddingsFor(item.model, job.request.parameters, deps.adapters)
      const beside = { model: ref, embeddings, enlarging, safety }
      const attempt: Attempt = { job: started.job, attempt: started.attempt, ...beside, inputs, log }
      const handled = await runAttempt(deps, attempt, signal, giveSlotBack)
      log.info({ attempt: started.attempt, handled }, 'attempt ended')
      return handled
    } finally {
      giveSlotBack()
    }
  }
}

/** A crash in company is found out in the record: such a job is to be alone from then on. */
function claimOf({ model, tag }: HeldItem, { alone, request }: JobRecord): SlotClaim {
  const { width, height, num_images, upscale } = request.parameters
  const inputs = request.inputs.reduce((sum, input) => sum + input.width * input.height, 0)
  return { model, tag, alone, megapixels: (width * height * upscale ** 2 * num_images + inputs) / 1e6 }
}

async function lookUp(jobs: Jobs, item: HeldItem): Promise<(JobRecord & { request: JobRequest }) | null> {
  const job = await retryState(() => jobs.get(item.tenant, item.id))
  return !job || 'gone' in job || isFinal(job.status) ? null : job
}

async function failUnstarted(deps: JobDeps, job: JobRecord, error: unknown): Promise<Handled> {
  const result: JobResult = {
    status: 'failed',
    attempt: 0,
    images: [],
    error: errorOfFailure(error),
    warnings: [],
    metrics: null,
  }
  if (await retryState(() => deps.jobs.finish(job.id, result))) {
    deps.observer.ended(job.model, result)
    await deps.notify.ended(job)
  }
  return 'done'
}

/** The promise's outcome, unless the signal aborts first. */
async function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted()
  const aborted = Promise.withResolvers<never>()
  const onAbort = () => aborted.reject(signal.reason)
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    return await Promise.race([promise, aborted.promise])
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}
