import { quantile } from '../quantile.ts'
import { createAutoscaler, lookSeconds } from './autoscaler.ts'
import type { Arrival } from './demand.ts'
import { startEngine } from './engine.ts'
import type { Policy } from './policies.ts'
import { arrive, end, isIdle, leave, nextEvent, see, serve, type World } from './world.ts'

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
  const engines = Array.from({ length: policy.least }, () => startEngine(0, 0))
  const world: World = { now: 0, engines, queue: [], head: 0, waitingCost: 0, measured: null, waits: [], gpuSeconds: 0 }
  const perQuarter: { sum: number; looks: number }[] = []
  let busySeconds = 0

  function look(): void {
    const serving = world.engines.filter(({ draining }) => !draining)
    const wanted = scale(world.now, serving.length, see(world))
    for (let i = serving.length; i < wanted; i++) world.engines.push(startEngine(world.now, world.now + coldSeconds))
    // Those that are not ready go first, as Kubernetes has it, then the youngest.
    const leaving = serving.toSorted((a, b) => b.ready - a.ready).slice(0, Math.max(0, serving.length - wanted))
    for (const engine of leaving) engine.draining = true
    const place = Math.floor(world.now / quarter)
    const { sum, looks } = perQuarter[place] ?? { sum: 0, looks: 0 }
    perQuarter[place] = { sum: sum + world.engines.length, looks: looks + 1 }
    leave(world)
  }

  let nextLook = 0
  for (let arrived = 0; arrived < jobs.length || !isIdle(world); ) {
    const arrival = jobs[arrived]
    const { at, ending } = nextEvent(world, Math.min(arrival?.at ?? Number.POSITIVE_INFINITY, nextLook))
    for (const engine of world.engines) if (engine.jobs.length > 0) busySeconds += at - world.now
    world.now = at
    if (ending !== null) {
      end(world, ending)
    } else if (at === nextLook) {
      look()
      nextLook += lookSeconds
    } else if (arrival !== undefined && at === arrival.at) {
      arrive(world, arrival)
      arrived++
    }
    serve(world)
  }
  const gpuSeconds = world.engines.reduce((sum, { since }) => sum + world.now - since, world.gpuSeconds)
  return {
    policy: policy.name,
    jobs: jobs.length,
    waitP50: quantile(world.waits, 0.5),
    waitP99: quantile(world.waits, 0.99),
    gpuHours: gpuSeconds / 3600,
    busy: gpuSeconds === 0 ? 0 : busySeconds / gpuSeconds,
    workers: Array.from(perQuarter, (one) => (one ? one.sum / one.looks : 0)),
  }
}
