import type { Job } from '@pentimento/contracts'
import { timeWords } from './time-left.ts'

/** What happens to a run right now, in words. */
export function statusWords(job: Job | null, secondsLeft: number | null, held: boolean): string {
  if (job === null) return held ? 'Waiting for room' : 'Sending'
  if (job.cancel_requested_at !== null) return 'Stopping'
  if (job.status === 'queued') return queuedWords(job)
  const { progress } = job
  if (progress === null) return 'Starting'
  if (progress.phase !== 'denoising') return phases[progress.phase]
  const left = secondsLeft === null ? '' : ` · ${timeWords(secondsLeft)} left`
  return `Step ${progress.step} of ${progress.steps}${left}`
}

const phases = {
  loading: 'Loading the model',
  encoding: 'Looking at the picture',
  decoding: 'Developing',
  uploading: 'Saving',
}

function queuedWords({ queue_position: before, eta_seconds: eta }: Job): string {
  const place = before === null ? 'Waiting' : before === 0 ? 'Next in the queue' : `${before} ahead in the queue`
  return eta === null ? place : `${place} · done in about ${timeWords(eta)}`
}

/** The bar's value, 0–100; null when nothing is known yet. */
export function percentOf(job: Job | null): number | null {
  return job?.status === 'processing' ? (job.progress?.percent ?? 0) : null
}
