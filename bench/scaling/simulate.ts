import { backlogSeconds } from '../../packages/state/src/jobs/throughput.ts'
import { quantile } from '../quantile.ts'
import { createAutoscaler, lookSeconds } from './autoscaler.ts'
import type { Arrival } from './demand.ts'
import { type Engine, startEngine } from './engine.ts'
import { jobClasses, slots } from './measured.ts'
import type { Policy, Seen } from './policies.ts'

export interface Outcome {
  policy: string
  jobs: number
  /** Seconds from a job's arrival to its start. */
  waitP50: number
  waitP99: number
  /** From the start of a worker's machine to its end. */
  gpuHours: number
  /** Part of that time in which a job was in the engine. */
  busy: number
  /** Workers at each look, of every quarter of an hour the mean. */
  workers: number[]
}

const quarter = 900

/** Lets all jobs come and be painted, on a clock that stands between two events. */
export function simulate(jobs: readonly Arrival[], policy: Policy, coldSeconds: number): Outcome {
  const scale = createAutoscaler(policy)
  let engines: Engine[] = Array.from({ length: policy.least }, () => startEngine(0, 0))
  const queue: Arrival[] = []
  let head = 0
  const waits: number[] = []
  const measured = { seconds: 0, cost: 0 }
  const perQuarter: { sum: number; looks: number }[] = []
  let gpuSeconds = 0
  let busySeconds = 0
  let waitingCost = 0

  const costOf = (kind: number) => jobClasses[kind]?.cost ?? 0
  const ended = ({ kind, started }: { kind: number; started: number }, now: number) => {
    const weight = measured.cost === 0 ? 1 : 0.125
    measured.seconds += (now - started - measured.seconds) * weight
    measured.cost += (costOf(kind) - measured.cost) * weight
  }

  function serve(now: number): void {
    while (head < queue.length) {
      const free = engines.reduce<Engine | null>((best, engine) => {
        if (engine.draining || engine.ready > now || engine.jobs.length >= slots) return best
        return best === null || engine.jobs.length < best.jobs.length ? engine : best
      }, null)
      const next = queue[head]
      if (free === null || next === undefined) return
      head++
      waitingCost -= costOf(next.kind)
      waits.push(now - next.at)
      free.take({ kind: next.kind, arrived: next.at }, now)
    }
  }

  function see(): Seen {
    const running = engines.reduce((sum, engine) => sum + engine.jobs.length, 0)
    const throughput =
      measured.cost === 0 ? null : { secondsInSlot: measured.seconds, secondsPerCost: measured.seconds / measured.cost }
    const service = { throughput, slotsOfWorker: slots }
    const waiting = queue.length - head
    return {
      waiting,
      running,
      backlogSeconds: backlogSeconds({ waitingCost: Math.max(0, waitingCost), running }, service),
    }
  }

  function look(now: number): void {
    const serving = engines.filter(({ draining }) => !draining)
    const wanted = scale(now, serving.length, see())
    for (let i = serving.length; i < wanted; i++) engines.push(startEngine(now, now + coldSeconds))
    // Those that are not ready go first, as Kubernetes has it, then the youngest.
    for (const engine of serving.toSorted((a, b) => b.ready - a.ready).slice(0, Math.max(0, serving.length - wanted)))
      engine.draining = true
    const place = perQuarter[Math.floor(now / quarter)] ?? { sum: 0, looks: 0 }
    perQuarter[Math.floor(now / quarter)] = { sum: place.sum + engines.length, looks: place.looks + 1 }
    leave(now)
  }

  function leave(now: number): void {
    for (const { since } of engines.filter(({ draining, jobs: held }) => draining && held.length === 0))
      gpuSeconds += now - since
    engines = engines.filter(({ draining, jobs: held }) => !draining || held.length > 0)
  }

  let now = 0
  let nextLook = 0
  for (
    let arrived = 0;
    arrived < jobs.length || head < queue.length || engines.some((engine) => engine.jobs.length > 0);
  ) {
    const arrival = jobs[arrived]?.at ?? Number.POSITIVE_INFINITY
    let at = Math.min(arrival, nextLook)
    let ending: Engine | null = null
    for (const engine of engines) {
      if (engine.nextEnd < at) {
        at = engine.nextEnd
        ending = engine
      }
      if (head < queue.length && engine.ready > now && engine.ready < at) {
        at = engine.ready
        ending = null
      }
    }
    for (const engine of engines) if (engine.jobs.length > 0) busySeconds += at - now
    now = at
    if (ending !== null) {
      for (const job of ending.advance(now)) ended(job, now)
      if (ending.draining) leave(now)
    } else if (at === nextLook) {
      look(now)
      nextLook += lookSeconds
    } else if (at === arrival) {
      const job = jobs[arrived++]
      if (job) {
        queue.push(job)
        waitingCost += costOf(job.kind)
      }
    }
    serve(now)
  }
  for (const { since } of engines) gpuSeconds += now - since
  return {
    policy: policy.name,
    jobs: jobs.length,
    waitP50: quantile(waits, 0.5),
    waitP99: quantile(waits, 0.99),
    gpuHours: gpuSeconds / 3600,
    busy: gpuSeconds === 0 ? 0 : busySeconds / gpuSeconds,
    workers: Array.from(perQuarter, (one) => (one ? one.sum / one.looks : 0)),
  }
}
