import { jobClasses, roundSeconds, slots } from './measured.ts'

export interface RunningJob {
  kind: number
  arrived: number
  started: number
  /** Steps that are left. */
  left: number
}

/** One worker on its clock: its jobs make their steps together. */
export interface Engine {
  readonly since: number
  readonly ready: number
  readonly jobs: readonly RunningJob[]
  /** When the first of its jobs ends; infinite without any. */
  readonly nextEnd: number
  take(job: { kind: number; arrived: number }, now: number): void
  /** Moves on to `now`, and answers the jobs that end then. */
  advance(now: number): RunningJob[]
  /** It takes no more jobs. */
  draining: boolean
}

const rounds = new Map<number, number>()

function cachedRound(counts: readonly number[]): number {
  const place = counts.reduce((sum, count) => sum * (slots + 1) + count, 0)
  const known = rounds.get(place) ?? roundSeconds(counts)
  rounds.set(place, known)
  return known
}

export function startEngine(since: number, ready: number): Engine {
  const counts = jobClasses.map(() => 0)
  let jobs: RunningJob[] = []
  let at = ready
  let round = 1
  let end = Number.POSITIVE_INFINITY

  function recount(): void {
    counts.fill(0)
    let least = Number.POSITIVE_INFINITY
    for (const { kind, left } of jobs) {
      counts[kind] = (counts[kind] ?? 0) + 1
      if (left < least) least = left
    }
    round = cachedRound(counts)
    end = at + least * round
  }

  function progress(now: number): void {
    if (jobs.length > 0) for (const job of jobs) job.left -= (now - at) / round
    at = Math.max(at, now)
  }

  return {
    since,
    ready,
    draining: false,
    get jobs() {
      return jobs
    },
    get nextEnd() {
      return end
    },
    take({ kind, arrived }, now) {
      if (jobs.length >= slots) throw new Error('no slot is free')
      progress(now)
      jobs.push({ kind, arrived, started: now, left: jobClasses[kind]?.steps ?? 0 })
      recount()
    },
    advance(now) {
      progress(now)
      const ended = jobs.filter(({ left }) => left <= 1e-6)
      if (ended.length > 0) {
        jobs = jobs.filter(({ left }) => left > 1e-6)
      }
      recount()
      return ended
    },
  }
}
