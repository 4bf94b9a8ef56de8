import type { Job, Progress } from '@pentimento/contracts'
import { ApiError, cancelJob, submit } from '../api/client.ts'
import { followJob } from '../api/follow-job.ts'
import { plainWords } from '../api/plain-words.ts'
import { fileNameOf, filesOf, type Run, tellRun } from '../state/run.ts'
import { keepEnded } from './keep-ended.ts'
import { keepRun } from './run-store.ts'
import { type StepSeen, secondsLeft } from './time-left.ts'

/** A longer wait is for people to decide. */
const longestHoldSeconds = 60

/**
 * Sends a run, if that has not been done, and follows its job to the end. What goes wrong is shown with the run; fields
 * refused are thrown.
 */
export async function watchRun(run: Run): Promise<void> {
  run.problem.value = null
  try {
    if (run.stored.jobId === null) await send(run)
    if (run.stored.jobId !== null) await follow(run, run.stored.jobId)
  } catch (error) {
    const status = error instanceof ApiError ? error.status : 0
    if (status === 422 && run.stored.jobId === null) throw error
    const again = status === 0 || status === 401 || status === 429 || status >= 500
    run.problem.value = { text: plainWords(error), again }
  }
}

/** Sends a run; one that was removed meanwhile is canceled and keeps no job. */
async function send(run: Run): Promise<void> {
  const { kind, fields, key } = run.stored
  const form = new FormData()
  for (const [name, value] of fields) form.append(name, value)
  for (const [field, file] of filesOf(run.stored)) form.append(field, file, fileNameOf(field))
  const job = await whenThereIsRoom(run, () => submit(kind, form, key))
  if (run.following.signal.aborted) return void (await cancelJob(job.id))
  run.stored = { ...run.stored, jobId: job.id }
  run.job.value = job
  await keepRun(run.stored)
}

/** Sends again as long as the service says to come back soon: too many jobs of one's own, a full queue, a restart. */
async function whenThereIsRoom(run: Run, send: () => Promise<Job>): Promise<Job> {
  for (;;) {
    try {
      const job = await send()
      run.held.value = false
      return job
    } catch (error) {
      const waitSeconds = error instanceof ApiError ? error.retryAfterSeconds : null
      run.held.value = waitSeconds !== null && waitSeconds <= longestHoldSeconds
      if (!run.held.value) throw error
      await new Promise((resolve) => setTimeout(resolve, (waitSeconds ?? 1) * 1000))
      // Nobody waits for it any more.
      if (run.following.signal.aborted) throw error
    }
  }
}

async function follow(run: Run, id: string): Promise<void> {
  let first: StepSeen | null = null
  const showPreviews = (previews: readonly (string | undefined)[]) => {
    const former = run.previews.value
    run.previews.value = previews
    for (const [index, url] of former.entries())
      if (url !== undefined && url !== previews[index]) URL.revokeObjectURL(url)
  }
  const watcher = {
    job: (job: Job) => tellRun(run, job),
    progress(progress: Progress) {
      if (run.job.value === null) return
      run.job.value = { ...run.job.value, status: 'processing', progress }
      if (progress.phase !== 'denoising') return
      const seen = { step: progress.step, at: performance.now() }
      first ??= seen
      run.secondsLeft.value = secondsLeft(first, seen, progress.steps)
    },
    preview(index: number, picture: Blob) {
      const previews = [...run.previews.value]
      previews[index] = URL.createObjectURL(picture)
      showPreviews(previews)
    },
  }
  await followJob(id, watcher, run.following.signal)
  showPreviews([])
  if (!run.following.signal.aborted) void keepEnded(run)
}
