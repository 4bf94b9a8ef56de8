import type { Job } from '@pentimento/contracts'
import type { AttemptLog } from './attempts.ts'

/** Why a job may fail in a run of faults, and whether that can be so. */
const causes: Record<string, (job: Job, attempts: AttemptLog, faults: Map<string, number>) => boolean> = {
  // Its engine or its worker was struck while it ran, and again when it was tried anew.
  engine_crashed: (job, attempts) => attempts.begun(job.id) >= 2,
  // Longer away than a worker repeats a call.
  storage_unavailable: (_, __, faults) => faults.has('storage away'),
}

/** Jobs that ended neither well nor for one of these causes, each with its code. */
export function unexplained(jobs: Job[], attempts: AttemptLog, faults: Map<string, number>): string[] {
  return jobs.flatMap((job) => {
    if (job.status === 'succeeded') return []
    const code = job.error?.code ?? job.status
    return causes[code]?.(job, attempts, faults) ? [] : [`${job.id} ${code}`]
  })
}
