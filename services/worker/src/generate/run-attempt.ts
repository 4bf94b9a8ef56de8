import type { Progress } from '@pentimento/contracts'
import type { ChosenEmbedding, Enlarging, GenerateResult, Safety } from '@pentimento/pipeline'
import type { Handled, JobEvents, JobRecord, JobResult, Jobs, StopReason } from '@pentimento/state'
import { keys, type ObjectStore } from '@pentimento/storage'
import type { Logger } from 'pino'
import type { Engine, EngineRun } from '../engine/engine.ts'
import { EngineError } from '../engine/engine-error.ts'
import type { ModelRef } from '../engine/protocol.ts'
import { retryState } from '../retry-state.ts'
import type { Input } from './inputs.ts'
import { errorOfCrash, errorOfFailure, leavesDeviceInDoubt } from './job-failure.ts'
import { measure } from './measure.ts'
import type { JobObserver } from './observe.ts'
import { publishPreview, shownEvery } from './publish-preview.ts'
import { reportProgress, toProgress } from './report-progress.ts'
import { storeImages } from './store-images.ts'
import { toGenerateRequest } from './to-generate-request.ts'

export interface AttemptDeps {
  jobs: Jobs
  events: Pick<JobEvents, 'publishPreview'>
  store: ObjectStore
  engine: Engine
  jobTimeoutMs: number
  notify: JobNotices
  observer: JobObserver
  onModelChanged: (model: string) => void
}

/** Told of what webhooks are sent for. Never rejects. */
export interface JobNotices {
  started(job: JobRecord): Promise<void>
  progressed(job: JobRecord, progress: Progress): Promise<void>
  ended(job: JobRecord): Promise<void>
}

export interface Attempt {
  job: JobRecord
  attempt: number
  model: ModelRef
  embeddings: readonly ChosenEmbedding[]
  enlarging: Enlarging | null
  safety: Safety | null
  inputs: readonly Input[]
  log: Logger
}

/**
 * One attempt at a job, from the engine to `finish`.
 *
 * @param signal aborts with a `StopReason`
 * @param leaveEngine called as soon as the engine is done with this job
 */
export async function runAttempt(
  deps: AttemptDeps,
  attempt: Attempt,
  signal: AbortSignal,
  leaveEngine: () => void,
): Promise<Handled> {
  const { job, log } = attempt
  const told = new AbortController()
  const stop = AbortSignal.any([signal, told.signal])
  let inEngine = true
  let previewEvery = 0
  let run: EngineRun | undefined
  const reporter = reportProgress({
    send: (progress) => {
      void deps.notify.progressed(job, progress)
      return deps.jobs.progress(job.id, attempt.attempt, progress)
    },
    onAnswer: (answer) => {
      if (answer.stop) told.abort(answer.stop)
      const every = shownEvery(attempt.safety, answer.previewEvery)
      if (inEngine && every !== previewEvery) run?.setPreviews(every || null)
      previewEvery = every
    },
  })
  const observed = deps.observer.attempt(job, attempt.attempt)
  let failure: string | undefined
  const startedAt = performance.now()
  void deps.notify.started(job)
  try {
    // 1. The engine.
    const request = toGenerateRequest(job.request, attempt.inputs, attempt)
    run = deps.engine.begin(attempt.model, request, {
      timeoutMs: deps.jobTimeoutMs,
      weight: job.weight,
      signal: stop,
      onProgress: (progress) => {
        observed.progress(progress)
        reporter.note(toProgress(progress))
      },
      onPreview: (preview) => void publishPreview(deps.events, { id: job.id, log }, preview),
    })
    const { result, loadMs } = await run.ended
    inEngine = false
    leaveEngine()
    observed.painted(result.timings, loadMs)

    // 2. The pictures.
    reporter.note(toProgress({ phase: 'uploading', step: result.stepsRun, steps: result.stepsRun }))
    const { images, uploadMs } = await upload(deps.store, attempt, result)
    observed.stored(uploadMs)
    await reporter.stop()
    // So little is left that a shutdown is not worth running it all again.
    if (stop.aborted && stop.reason !== 'shutdown') return await endStopped(deps, attempt, stop.reason)

    // 3. The end.
    const elapsedMs = Math.round(performance.now() - startedAt)
    const metrics = measure(job, attempt.attempt, result, { loadMs, uploadMs, elapsedMs })
    return await end(deps, attempt, {
      status: 'succeeded',
      attempt: attempt.attempt,
      images,
      error: null,
      warnings: result.warnings,
      metrics,
    })
  } catch (error) {
    failure = error instanceof EngineError ? error.code : 'failed'
    const stopped = stop.aborted && error instanceof EngineError && error.code === 'canceled'
    if (inEngine && leavesDeviceInDoubt(error)) await deps.engine.recycle()
    inEngine = false
    leaveEngine()
    await reporter.stop()
    if (stopped) return await endStopped(deps, attempt, stop.reason)
    log.warn({ err: error, ...(error instanceof EngineError && { detail: error.detail }) }, 'the attempt failed')
    return await endFailed(deps, attempt, error)
  } finally {
    await reporter.stop()
    observed.end(failure)
  }
}

async function upload(store: ObjectStore, { job, attempt, model, ...chosen }: Attempt, made: GenerateResult) {
  const started = performance.now()
  const embeddings = chosen.embeddings.filter(({ name }) => made.embeddings.includes(name))
  const whole = { id: job.id, attempt, request: job.request, ...(model.loras && { loras: model.loras }), embeddings }
  const images = await storeImages(store, whole, made.images)
  return { images, uploadMs: performance.now() - started }
}

/** Stopped from outside: canceled by its owner, overtaken by another attempt, or in the way of a shutdown. */
async function endStopped(deps: AttemptDeps, attempt: Attempt, reason: StopReason | 'superseded'): Promise<Handled> {
  if (reason === 'shutdown') {
    await retryState(() => deps.jobs.release(attempt.job.id, attempt.attempt))
    return 'give-back'
  }
  if (reason === 'cancel') return end(deps, attempt, without('canceled', attempt))
  await eraseAttempt(deps, attempt)
  return 'give-back'
}

async function endFailed(deps: AttemptDeps, attempt: Attempt, error: unknown): Promise<Handled> {
  const { job } = attempt
  if (error instanceof EngineError && error.code === 'unavailable') {
    await retryState(() => deps.jobs.release(job.id, attempt.attempt))
    return 'give-back'
  }
  const crash = errorOfCrash(error)
  if (!crash) return end(deps, attempt, { ...without('failed', attempt), error: errorOfFailure(error) })
  const alone = !(error instanceof EngineError) || error.together === 1
  const outcome = await retryState(() => deps.jobs.crashed(job.id, attempt.attempt, crash, { alone }))
  if (outcome === 'failed') {
    deps.observer.ended(job.model, { status: 'failed', error: crash, metrics: null })
    await deps.notify.ended(job)
  }
  return outcome === 'failed' ? 'done' : 'give-back'
}

/**
 * The job's end; what this attempt wrote stays only as its result. If the record does not take it, the work item goes
 * back: mostly the job has ended otherwise, and whoever takes the item next drops it; but after a failover of Redis the
 * record may not know of this attempt, and the job is still to be run.
 */
async function end(deps: AttemptDeps, attempt: Attempt, result: JobResult): Promise<Handled> {
  const won = await retryState(() => deps.jobs.finish(attempt.job.id, result))
  if (result.warnings.some(({ code }) => code === 'model_changed')) deps.onModelChanged(attempt.job.model)
  if (won) {
    deps.observer.ended(attempt.job.model, result)
    await deps.notify.ended(attempt.job)
  }
  if (!won || result.status !== 'succeeded') await eraseAttempt(deps, attempt)
  return won ? 'done' : 'give-back'
}

/** What is left behind here goes when the job expires. */
async function eraseAttempt(deps: AttemptDeps, { job, attempt, log }: Attempt): Promise<void> {
  try {
    await deps.store.deletePrefix(keys.attemptPrefix(job.tenant, job.id, attempt))
  } catch (error) {
    log.warn({ err: error }, 'the files of an attempt without a result could not be deleted')
  }
}

function without(status: 'canceled' | 'failed', { attempt }: Attempt): JobResult {
  return { status, attempt, images: [], error: null, warnings: [], metrics: null }
}
