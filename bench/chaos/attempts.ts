/** One run of a job on a worker, as the worker's log tells. */
export interface Attempt {
  job: string
  worker: string
  startedAt: number
  endedAt: number | null
}

interface Interruption {
  job: string
  /** When the job could go on at the earliest: the fault's end. */
  since: number
  recoveredAt: number | null
}

/** Follows which job runs where, and measures how long an interrupted one waits until it runs again or ends. */
export interface AttemptLog {
  /** A line of a worker's log. */
  note(worker: string, line: string): void
  running(worker?: string): Attempt[]
  /** These attempts were hit by a fault that ended at `since`. */
  interrupted(attempts: Attempt[], since: number): void
  /** Longest wait in milliseconds of any interrupted job so far, and the jobs that still wait. */
  recovery(): { longestMs: number; waiting: string[]; count: number }
}

export function createAttemptLog(): AttemptLog {
  const attempts: Attempt[] = []
  const interruptions: Interruption[] = []
  const recovered = (job: string, at: number) => {
    for (const one of interruptions)
      if (one.job === job && one.recoveredAt === null) one.recoveredAt = Math.max(at, one.since)
  }
  return {
    note(worker, line) {
      if (!line.includes('"attempt ')) return
      const { job, msg, time } = JSON.parse(line) as { job: string; msg: string; time: number }
      recovered(job, time)
      if (msg === 'attempt started') attempts.push({ job, worker, startedAt: time, endedAt: null })
      for (const attempt of attempts)
        if (msg === 'attempt ended' && attempt.job === job && attempt.worker === worker) attempt.endedAt ??= time
    },
    running: (worker) =>
      attempts.filter((attempt) => attempt.endedAt === null && (worker === undefined || attempt.worker === worker)),
    interrupted(hit, since) {
      for (const { job, startedAt, endedAt } of hit) {
        // It may have ended, or begun anew elsewhere, before the fault's end was noted.
        const again = attempts.find((other) => other.job === job && other.startedAt > startedAt)
        interruptions.push({ job, since, recoveredAt: endedAt ?? again?.startedAt ?? null })
      }
    },
    recovery: () => ({
      longestMs: Math.max(
        0,
        ...interruptions.map((one) => (one.recoveredAt === null ? 0 : one.recoveredAt - one.since)),
      ),
      waiting: interruptions.filter((one) => one.recoveredAt === null).map((one) => one.job),
      count: interruptions.length,
    }),
  }
}
