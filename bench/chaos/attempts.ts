import { setTimeout as sleep } from 'node:timers/promises'

/** One run of a job on a worker, as the worker's log tells. */
export interface Attempt {
  job: string
  worker: string
  startedAt: number
  endedAt: number | null
}

interface Interruption {
  job: string
  fault: string
  /** When the job could go on at the earliest: the end of the fault, and of every outage since. */
  since: number
  recoveredAt: number | null
}

/** Follows which job runs where, and measures how long an interrupted one waits until it runs again or ends. */
export interface AttemptLog {
  /** A line of a worker's log. */
  note(worker: string, line: string): void
  /** What runs there, untouched so far by any fault; waits for something to run, but not longer than `withinMs`. */
  running(worker: string | undefined, withinMs: number): Promise<Attempt[]>
  /** These attempts were hit by a fault that ended at `since`. */
  interrupted(attempts: Attempt[], since: number, fault: string): void
  /** Nothing at all could run until now, so nobody who waits can have gone on. */
  outageEnded(at: number): void
  /** How often the job began to run. */
  begun(job: string): number
  /** How long each interrupted job waited, in milliseconds, after which fault, and those that still wait. */
  recovery(): { waits: { fault: string; ms: number }[]; waiting: string[] }
}

export function createAttemptLog(): AttemptLog {
  const attempts: Attempt[] = []
  /** Those of them that have not ended. */
  const live = new Set<Attempt>()
  const interruptions: Interruption[] = []
  const recovered = (job: string, at: number) => {
    for (const one of interruptions)
      if (one.job === job && one.recoveredAt === null) one.recoveredAt = Math.max(at, one.since)
  }
  const waiting = () => interruptions.filter((one) => one.recoveredAt === null)
  const untouched = (worker: string | undefined) => {
    const hit = new Set(waiting().map((one) => one.job))
    return [...live].filter((one) => !hit.has(one.job) && (worker === undefined || one.worker === worker))
  }
  return {
    note(worker, line) {
      if (!line.includes('"attempt ')) return
      const { job, msg } = JSON.parse(line) as { job: string; msg: string }
      // Not what the line says: its program's clock may be wrong.
      const time = Date.now()
      recovered(job, time)
      // A job that begins anew has ended wherever it ran before, also where nobody lived to say so.
      for (const attempt of live)
        if (attempt.job === job && (msg === 'attempt started' || attempt.worker === worker)) {
          attempt.endedAt = time
          live.delete(attempt)
        }
      if (msg !== 'attempt started') return
      const attempt = { job, worker, startedAt: time, endedAt: null }
      attempts.push(attempt)
      live.add(attempt)
    },
    async running(worker, withinMs) {
      for (const until = Date.now() + withinMs; untouched(worker).length === 0 && Date.now() < until; ) await sleep(5)
      return untouched(worker)
    },
    interrupted(hit, since, fault) {
      for (const { job, startedAt, endedAt } of hit) {
        // It may have ended, or begun anew elsewhere, before the fault's end was noted.
        const again = attempts.find((other) => other.job === job && other.startedAt > startedAt)
        const recoveredAt = endedAt ?? again?.startedAt
        interruptions.push({ job, fault, since, recoveredAt: recoveredAt ? Math.max(recoveredAt, since) : null })
      }
    },
    outageEnded(at) {
      for (const one of waiting()) one.since = at
    },
    begun: (job) => attempts.filter((one) => one.job === job).length,
    recovery: () => ({
      waits: interruptions.flatMap(({ fault, since, recoveredAt }) =>
        recoveredAt === null ? [] : [{ fault, ms: recoveredAt - since }],
      ),
      waiting: waiting().map((one) => one.job),
    }),
  }
}
