import { backlogSeconds } from '../../packages/state/src/jobs/throughput.ts'
import type { Arrival } from './demand.ts'
import type { Engine } from './engine.ts'
import { jobClasses, slots } from './measured.ts'
import type { Seen } from './policies.ts'

/** Workers and what waits for them, at one moment. */
export interface World {
  now: number
  engines: Engine[]
  /** All that ever came; those from `head` on wait. */
  queue: Arrival[]
  head: number
  waitingCost: number
  /** Means of the latest jobs, as packages/state keeps them; null before the first has ended. */
  measured: { seconds: number; cost: number } | null
  waits: number[]
  /** Of workers that have gone. */
  gpuSeconds: number
}

const costOf = (kind: number): number => jobClasses[kind]?.cost ?? 0

export function isIdle({ queue, head, engines }: World): boolean {
  return head === queue.length && engines.every(({ jobs }) => jobs.length === 0)
}

/** The next thing to happen, `other` at the latest: a job ends, or a worker is ready that one waits for. */
export function nextEvent({ engines, queue, head, now }: World, other: number): { at: number; ending: Engine | null } {
  let at = other
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
  return { at, ending }
}

export function arrive(world: World, arrival: Arrival): void {
  world.queue.push(arrival)
  world.waitingCost += costOf(arrival.kind)
}

/** The engine's jobs that end now leave it. */
export function end(world: World, engine: Engine): void {
  for (const { kind, started } of engine.advance(world.now)) {
    const { measured } = world
    const [seconds, cost] = [world.now - started, costOf(kind)]
    world.measured =
      measured === null
        ? { seconds, cost }
        : {
            seconds: measured.seconds + (seconds - measured.seconds) / 8,
            cost: measured.cost + (cost - measured.cost) / 8,
          }
  }
  if (engine.draining) leave(world)
}

/** Workers that were to go and have no job any more are gone. */
export function leave(world: World): void {
  const hasGone = ({ draining, jobs }: Engine) => draining && jobs.length === 0
  if (!world.engines.some(hasGone)) return
  for (const { since } of world.engines.filter(hasGone)) world.gpuSeconds += world.now - since
  world.engines = world.engines.filter((engine) => !hasGone(engine))
}

/** Waiting jobs go where the fewest are, as long as there are free slots. */
export function serve(world: World): void {
  while (world.head < world.queue.length) {
    let free: Engine | null = null
    for (const engine of world.engines) {
      if (engine.draining || engine.ready > world.now || engine.jobs.length >= slots) continue
      if (free === null || engine.jobs.length < free.jobs.length) free = engine
    }
    const next = world.queue[world.head]
    if (free === null || next === undefined) return
    world.head++
    world.waitingCost -= costOf(next.kind)
    world.waits.push(world.now - next.at)
    free.take({ kind: next.kind, arrived: next.at }, world.now)
  }
}

/** What the metrics say. */
export function see({ engines, queue, head, waitingCost, measured }: World): Seen {
  const running = engines.reduce((sum, { jobs }) => sum + jobs.length, 0)
  const throughput = measured && { secondsInSlot: measured.seconds, secondsPerCost: measured.seconds / measured.cost }
  const waiting = { waitingCost: Math.max(0, waitingCost), running }
  const seconds = backlogSeconds(waiting, { throughput, slotsOfWorker: slots })
  return { waiting: queue.length - head, running, backlogSeconds: seconds }
}
