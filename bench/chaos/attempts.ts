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
  interrupted(attempts: Attempt[], since: number): void
  /** Nothing at all could run until now, so nobody who waits can have gone on. */
  outageEnded(at: number): void
  /** How long each interrupted job waited so far, in milliseconds, the longest last, and those that still wait. */
  recovery(): { waitsMs: number[]; waiting: string[] }
}

export function createAttemptLog(): AttemptLog {
  const attempts: Attempt[] = []
  const interruptions: Interruption[] = []
  const recovered = (job: string, at: number) => {
    for (const one of interruptions)
      if (one.job === job && one.recoveredAt === null) one.recoveredAt = Math.max(at, one.since)
  }
  const waiting = () => interruptions.filter((one) => one.recoveredAt === null)
  const untouched = (worker: string | undefined) => {
    const hit = new Set(waiting().map((one) => one.job))
    return attempts.filter(
      ({ endedAt, job, worker: place }) =>
        endedAt === null && !hit.has(job) && (worker === undefined || place === worker),
    )
  }
  return {
    note(worker, line) {
      if (!line.includes('"attempt ')) return
      const { job, msg } = JSON.parse(line) as { job: string; msg: string }
      // Not what the line says: its program's clock may be wrong.
      const time = Date.now()
      recovered(job, time)
      // A job that begins anew has ended wherever it ran before, also where nobody lived to say so.
      for (const attempt of attempts)
        if (attempt.job === job && (msg === 'attempt started' || attempt.worker === worker)) attempt.endedAt ??= time
      if (msg === 'attempt started') attempts.push({ job, worker, startedAt: time, endedAt: null })
    },
    async running(worker, withinMs) {
      for (const until = Date.now() + withinMs; untouched(worker).length === 0 && Date.now() < until; ) await sleep(5)
      return untouched(worker)
    },
    interrupted(hit, since) {
      for (const { job, startedAt, endedAt } of hit) {
        // It may have ended, or begun anew elsewhere, before the fault's end was noted.
        const again = attempts.find((other) => other.job === job && other.startedAt > startedAt)
        interruptions.push({ job, since, recoveredAt: endedAt ?? again?.startedAt ?? null })
      }
    },
    outageEnded(at) {
      for (const one of waiting()) one.since = Math.max(one.since, at)
    },
    recovery: () => ({
      waitsMs: interruptions
        .flatMap((one) => (one.recoveredAt === null ? [] : [one.recoveredAt - one.since]))
        .sort((a, b) => a - b),
      waiting: waiting().map((one) => one.job),
    }),
  }
}
