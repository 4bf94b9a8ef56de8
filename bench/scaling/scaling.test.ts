import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { createAutoscaler } from './autoscaler.ts'
import { arrivals, busy } from './demand.ts'
import { startEngine } from './engine.ts'
import { jobClasses, roundSeconds, slots } from './measured.ts'
import { byLength, bySeconds, fixed } from './policies.ts'
import { fillPage, policyRow, policyTables, redisTable } from './render.ts'
import { chosen, scenarios, simulateDay } from './scenarios.ts'
import { simulate } from './simulate.ts'

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')
const page = read('docs/scaling.md')

describe('docs/scaling.md', () => {
  it('says of one Redis what follows from the cost of a job', () => {
    expect(fillPage(page, { redis: redisTable() })).toBe(page)
  })

  it('has the table of the model that is seldom asked for, as it is made', () => {
    const [, seldom] = scenarios
    expect(page).toContain(
      policyTables(seldom ? [simulateDay(seldom)] : [])
        .split('\n')
        .slice(2)
        .join('\n'),
    )
  })

  it('has for many users, of the policies that never look, what is made', () => {
    const [many] = scenarios
    if (many === undefined) throw new Error('there is no scenario')
    const { rows } = simulateDay({ ...many, policies: [fixed(6)] })
    for (const row of rows) expect(page).toContain(policyRow(row))
  })

  it('says which policy the chart has', () => {
    const { scaling } = parse(read('deploy/helm/pentimento/values.yaml')).workerDefaults
    expect(scaling).toMatchObject({ backlogSeconds: chosen.backlogSeconds, runningJobs: chosen.slotShare * slots })
    expect(page).toContain(`| ${chosen.backlogSeconds} s of backlog, or ${chosen.slotShare * 100} % of the slots |`)
  })
})

describe('the simulation', () => {
  const hour = { ...busy, hours: 1, night: 1, day: 1, bursts: 0 }

  it('gives the same for the same seed, and another day for another', () => {
    const jobs = arrivals(hour, 1)
    expect(arrivals(hour, 1)).toEqual(jobs)
    expect(arrivals(hour, 2)).not.toEqual(jobs)
    expect(jobs.length).toBeGreaterThan(3400)
    expect(jobs.length).toBeLessThan(3800)
    expect(simulate(jobs, bySeconds(30), 30)).toEqual(simulate(jobs, bySeconds(30), 30))
  })

  it('paints eight jobs together as the table of measured calls says, and one alone', () => {
    const [small] = jobClasses
    const engine = startEngine(0, 0)
    engine.take({ kind: 0, arrived: 0 }, 0)
    const alone = roundSeconds([1, 0, 0]) * (small?.steps ?? 0)
    expect(engine.nextEnd).toBeCloseTo(alone)
    // 25 calls of 8.4 ms, and 44 ms beside them.
    expect(alone).toBeCloseTo(0.254)
    for (let i = 1; i < slots; i++) engine.take({ kind: 0, arrived: 0 }, 0)
    expect(engine.nextEnd).toBeCloseTo(25 * 0.0398 + 8 * 0.044)
    expect(engine.advance(engine.nextEnd)).toHaveLength(slots)
  })

  it('loses no job, and lets none wait where there are enough workers', () => {
    const jobs = arrivals(hour, 1)
    const outcome = simulate(jobs, fixed(20), 30)
    expect(outcome).toMatchObject({ jobs: jobs.length, waitP99: 0 })
    expect(outcome.gpuHours).toBeCloseTo(20, 0)
    // A cold start is waited for.
    expect(simulate(jobs.slice(0, 5), bySeconds(30, 0), 100).waitP50).toBeGreaterThan(50)
  })
})

describe('the autoscaler', () => {
  const see = (waiting: number) => ({ waiting, running: 0, backlogSeconds: waiting })

  it('grows by four or twice, and goes down to what was wanted in five minutes', () => {
    const scale = createAutoscaler(byLength(10))
    expect(scale(0, 1, see(400))).toBe(5)
    expect(scale(15, 5, see(400))).toBe(10)
    expect(scale(30, 10, see(105))).toBe(10)
    expect(scale(60, 10, see(10))).toBe(10)
    expect(scale(331, 10, see(20))).toBe(2)
  })

  it('lets the last worker go after five minutes without work, and calls it back for one job', () => {
    const scale = createAutoscaler(byLength(10, 0))
    expect(scale(0, 1, see(1))).toBe(1)
    expect(scale(200, 1, see(0))).toBe(1)
    expect(scale(300, 1, see(0))).toBe(0)
    expect(scale(315, 0, see(0))).toBe(0)
    expect(scale(330, 0, see(1))).toBe(1)
  })
})
