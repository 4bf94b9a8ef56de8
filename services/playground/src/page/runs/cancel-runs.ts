import { cancelJob } from '../api/client.ts'
import { plainWords } from '../api/plain-words.ts'
import { notice } from '../state/notice.ts'
import { isActive, type Run, tellRun } from '../state/run.ts'
import { removeRun } from './start-run.ts'

/** Cancels what is under way of some runs. */
export async function cancelRuns(canceled: readonly Run[]): Promise<void> {
  await Promise.all(canceled.filter(isActive).map(cancelRun))
}

async function cancelRun(run: Run): Promise<void> {
  const job = run.job.value
  if (job === null) return removeRun(run)
  if (job.cancel_requested_at !== null) return
  try {
    tellRun(run, await cancelJob(job.id))
  } catch (error) {
    // A job that ended before the cancel came is what the stream tells anyway.
    if (isActive(run)) notice.value = plainWords(error)
  }
}
