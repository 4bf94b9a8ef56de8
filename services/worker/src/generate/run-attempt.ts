import type { JobMetrics, Progress } from '@pentimento/contracts'
import { encodePreview } from '@pentimento/images'
import type { GenerateResult } from '@pentimento/pipeline'
import type { Handled, JobEvents, JobRecord, JobResult, Jobs, StopReason, StoredImage } from '@pentimento/state'
import { keys, type ObjectStore } from '@pentimento/storage'
import type { Logger } from 'pino'
import type { Engine } from '../engine/engine.ts'
import { EngineError } from '../engine/engine-error.ts'
import type { ModelRef } from '../engine/protocol.ts'
import { errorOfCrash, errorOfFailure } from './job-failure.ts'
import { reportProgress, toProgress } from './report-progress.ts'
import { retryState } from './retry-state.ts'
import { storeImages } from './store-images.ts'
import { type Inputs, toGenerateRequest } from './to-generate-request.ts'

export interface AttemptDeps {
  jobs: Jobs
  events: Pick<JobEvents, 'publishPreview'>
  store: ObjectStore
  engine: Engine
  jobTimeoutMs: number
  /** Told of what webhooks are sent for. Never throws. */
  notify: JobNotices
}

export interface JobNotices {
  started(job: JobRecord): Promise<void>
  progressed(job: JobRecord, progress: Progress): Promise<void>
  ended(job: JobRecord): Promise<void>
}

export interface Attempt {
  job: JobRecord
  attempt: number
  model: ModelRef
  inputs: Inputs
  log: Logger
}

const PREVIEW_SIDE = 256
const PREVIEW_BYTES = 16 * 1024

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
  const superseded = new AbortController()
  const stop = AbortSignal.any([signal, superseded.signal])
  let inEngine = true
  const reporter = reportProgress({
    send: (progress) => {
      void deps.notify.progressed(job, progress)
      return deps.jobs.progress(job.id, attempt.attempt, progress)
    },
    onAnswer: (answer) => {
      if (answer.stop) superseded.abort(answer.stop)
      if (inEngine) deps.engine.setPreviews(answer.previewEvery || null)
    },
  })
  const startedAt = Date.now()
  try {
    void deps.notify.started(job)
    const { result, loadMs } = await deps.engine.generate(
      attempt.model,
      toGenerateRequest(job.request, attempt.inputs),
      {
        timeoutMs: deps.jobTimeoutMs,
        signal: stop,
        onProgress: (progress) => reporter.note(toProgress(progress)),
        onPreview: ({ step, image }) => void publishPreview(deps, attempt, step, image),
      },
    )
    inEngine = false
    leaveEngine()

    reporter.note(toProgress({ phase: 'uploading', step: result.stepsRun, steps: result.stepsRun }))
    const uploadStarted = performance.now()
    const images = await storeImages(
      deps.store,
      { id: job.id, attempt: attempt.attempt, request: job.request },
      result.images,
    )
    await reporter.stop()
    if (stop.aborted && stop.reason !== 'shutdown') return await endStopped(deps, attempt, stop.reason)

    const metrics = measure(job, attempt.attempt, result, {
      loadMs,
      uploadMs: performance.now() - uploadStarted,
      elapsedMs: Date.now() - startedAt,
    })
    await end(deps, attempt, succeeded(attempt.attempt, images, result, metrics))
    return 'done'
  } catch (error) {
    await reporter.stop()
    if (stop.aborted && error instanceof EngineError && error.code === 'canceled') {
      return await endStopped(deps, attempt, stop.reason)
    }
    log.warn({ err: error, detail: error instanceof EngineError ? error.detail : undefined }, 'the attempt failed')
    return await endFailed(deps, attempt, error)
  } finally {
    await reporter.stop()
  }
}

async function publishPreview(
  deps: AttemptDeps,
  { job, log }: Attempt,
  step: number,
  image: GenerateResult['images'][0]['image'],
): Promise<void> {
  try {
    const webp = await encodePreview(image, PREVIEW_SIDE, PREVIEW_BYTES)
    if (webp) await deps.events.publishPreview(job.id, step, webp)
  } catch (error) {
    log.debug({ err: error }, 'a preview was not published')
  }
}

/** Stopped from outside: canceled by its owner, overtaken by another attempt, or in the way of a shutdown. */
async function endStopped(deps: AttemptDeps, attempt: Attempt, reason: StopReason | 'superseded'): Promise<Handled> {
  if (reason === 'shutdown') {
    await retryState(() => deps.jobs.release(attempt.job.id, attempt.attempt))
    return 'give-back'
  }
  if (reason === 'cancel') await end(deps, attempt, ended('canceled', attempt.attempt))
  await eraseAttempt(deps, attempt)
  return 'done'
}

async function endFailed(deps: AttemptDeps, attempt: Attempt, error: unknown): Promise<Handled> {
  const { job } = attempt
  await eraseAttempt(deps, attempt)
  if (error instanceof EngineError && error.code === 'unavailable') {
    await retryState(() => deps.jobs.release(job.id, attempt.attempt))
    return 'give-back'
  }
  const crash = errorOfCrash(error)
  if (!crash) {
    await end(deps, attempt, { ...ended('failed', attempt.attempt), error: errorOfFailure(error) })
    return 'done'
  }
  // The device may be in a bad state, and what was running is lost already.
  if (crash.code !== 'engine_crashed') await deps.engine.recycle()
  const outcome = await retryState(() => deps.jobs.crashed(job.id, attempt.attempt, crash))
  if (outcome === 'failed') await deps.notify.ended(job)
  return outcome === 'retry' ? 'give-back' : 'done'
}

/** The job's end, if nobody else ended it: then what this attempt wrote goes. */
async function end(deps: AttemptDeps, attempt: Attempt, result: JobResult): Promise<void> {
  const won = await retryState(() => deps.jobs.finish(attempt.job.id, result))
  if (won) await deps.notify.ended(attempt.job)
  else await eraseAttempt(deps, attempt)
}

/** What is left behind here goes when the job expires. */
async function eraseAttempt(deps: AttemptDeps, { job, attempt, log }: Attempt): Promise<void> {
  try {
    await deps.store.deletePrefix(keys.attemptPrefix(job.tenant, job.id, attempt))
  } catch (error) {
    log.warn({ err: error }, 'the files of an attempt without a result could not be deleted')
  }
}

function ended(status: 'canceled' | 'failed', attempt: number): JobResult {
  return { status, attempt, images: [], error: null, warnings: [], metrics: null }
}

function succeeded(attempt: number, images: StoredImage[], result: GenerateResult, metrics: JobMetrics): JobResult {
  return { status: 'succeeded', attempt, images, error: null, warnings: result.warnings, metrics }
}

function measure(
  job: JobRecord,
  attempts: number,
  { timings, stepsRun, modelCalls }: GenerateResult,
  { loadMs, uploadMs, elapsedMs }: { loadMs: number; uploadMs: number; elapsedMs: number },
): JobMetrics {
  const queueMs = (job.startedAt ?? job.createdAt) - job.createdAt
  return {
    queue_ms: queueMs,
    load_ms: Math.round(loadMs),
    encode_ms: Math.round(timings.encodeMs),
    denoise_ms: Math.round(timings.denoiseMs),
    decode_ms: Math.round(timings.decodeMs),
    upload_ms: Math.round(uploadMs),
    // Clocks of worker and Redis differ: what was spent here is certain.
    total_ms: Math.max(queueMs + elapsedMs, Date.now() - job.createdAt),
    steps_per_second: stepsRun === 0 ? null : Math.round((stepsRun / timings.denoiseMs) * 1e6) / 1000,
    model_calls: modelCalls,
    attempts,
  }
}
