import { arrivals, busy, type Demand, seldom } from './demand.ts'
import { jobClasses, loadSeconds, roundSeconds, slots, startSeconds } from './measured.ts'
import { byLength, bySeconds, bySecondsAndSlots, fixed, type Policy } from './policies.ts'
import { type Outcome, simulate } from './simulate.ts'

const seed = 20
/** Dollars for an hour of one GPU: an assumption, to compare with. */
export const gpuHourPrice = 3

/** The policy of the chart: deploy/helm/pentimento/values.yaml. */
export const chosen = { backlogSeconds: 30, slotShare: 0.75 }
const ofChart = (least: number) => bySecondsAndSlots(chosen.backlogSeconds, chosen.slotShare, least)

export interface Scenario {
  title: string
  demand: Demand
  policies: readonly Policy[]
}

export const scenarios: readonly Scenario[] = [
  {
    title: 'Many users',
    demand: busy,
    policies: [
      ...[3, 6, 12].map(fixed),
      ...[2, 8, 24].map((jobs) => byLength(jobs)),
      ...[10, 30, 60].map((seconds) => bySeconds(seconds)),
      bySecondsAndSlots(10, 0.75),
      ofChart(1),
      bySecondsAndSlots(60, 0.75),
      bySecondsAndSlots(30, 0.5),
    ],
  },
  {
    title: 'A model that is seldom asked for',
    demand: seldom,
    policies: [fixed(1), byLength(2, 0), ofChart(0)],
  },
]

/** Of one policy, the outcome where a node with the image is there, and where one has to come. */
export interface Row {
  near: Outcome
  far: Outcome
}

/** What the page is made of. */
export interface Simulated {
  title: string
  jobs: number
  /** GPUs that what comes would keep busy, of each quarter of an hour the mean. */
  load: number[]
  rows: Row[]
}

export function simulateAll(): Simulated[] {
  return scenarios.map(simulateDay)
}

export function simulateDay({ title, demand, policies }: Scenario): Simulated {
  const jobs = arrivals(demand, seed)
  const rows = policies.map((policy) => ({
    near: simulate(jobs, policy, startSeconds.near + loadSeconds),
    far: simulate(jobs, policy, startSeconds.far + loadSeconds),
  }))
  return { title, jobs: jobs.length, load: loadOf(jobs, demand.hours), rows }
}

function loadOf(jobs: readonly { at: number; kind: number }[], hours: number): number[] {
  const load = Array.from({ length: hours * 4 }, () => 0)
  for (const { at, kind } of jobs) {
    const full = roundSeconds(jobClasses.map((_, i) => (i === kind ? slots : 0)))
    const seconds = ((jobClasses[kind]?.steps ?? 0) * full) / slots
    const quarter = Math.floor(at / 900)
    load[quarter] = (load[quarter] ?? 0) + seconds / 900
  }
  return load
}
