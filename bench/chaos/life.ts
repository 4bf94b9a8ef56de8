import { setTimeout as sleep } from 'node:timers/promises'
import { isFinal, type Job, type JobStatus } from '@pentimento/contracts'
import { expect } from 'vitest'
import { readEvents } from '../../services/api/src/testing/read-events.ts'
import type { Cluster } from './cluster.ts'

/**
 * The life of a job as `docs/architecture/02-jobs-and-queue.md` draws it: what each status may turn into, as far as a
 * client sees it.
 */
const next: Record<JobStatus, readonly JobStatus[]> = {
  queued: ['processing', 'succeeded', 'failed', 'canceled', 'expired'],
  processing: ['queued', 'succeeded', 'failed', 'canceled'],
  succeeded: [],
  failed: [],
  canceled: [],
  expired: [],
}

/** What the model knows of a job that a client has submitted. */
export interface Known {
  id: string
  status: JobStatus
  cancelAsked: boolean
  deleted: boolean
  /** Attempts that were hit by a kill or a freeze, at most. */
  hits: number
  /** Why it may fail although nothing was killed. */
  mayFail: boolean
  mayExpire: boolean
  /** Its statuses in order, as its event stream told them. */
  told: Promise<JobStatus[]>
}

export interface Model {
  jobs: Known[]
  /** Transitions that have been seen so far: `queued processing`. */
  reached: Set<string>
}

export interface Answer {
  status: number
  body: Job & { code?: string; job?: Job; data?: Job[] }
}

export async function ask(cluster: Cluster, path: string, init?: RequestInit): Promise<Answer> {
  const answer = await fetch(`${cluster.urls[0]}/v1${path}`, { ...init, signal: AbortSignal.timeout(90_000) })
  const text = await answer.text()
  return { status: answer.status, body: text === '' ? null : JSON.parse(text) }
}

export function known(cluster: Cluster, job: Job, overrides: Partial<Known> = {}): Known {
  const told = fetch(job.urls.events.replace(/^https?:\/\/[^/]+/, cluster.urls[0] ?? ''))
    .then(readEvents)
    .then((events) => events.filter(({ event }) => event === 'job').map(({ data }) => data.status as JobStatus))
  const expectations = { cancelAsked: false, deleted: false, hits: 0, mayFail: false, mayExpire: false }
  return { id: job.id, status: job.status, ...expectations, told, ...overrides }
}

/** Takes note of what a job looks like now, which must be something it could have become. */
export function see(job: Known, shown: Job): void {
  const { id, status, images, finished_at, error } = shown
  expect(id).toBe(job.id)
  if (isFinal(job.status)) expect(status).toBe(job.status)
  expect(images.length > 0).toBe(status === 'succeeded')
  expect(finished_at !== null).toBe(isFinal(status))
  expect(error !== null).toBe(status === 'failed')
  if (status === 'canceled') expect(job.cancelAsked).toBe(true)
  if (status === 'expired') expect(job.mayExpire).toBe(true)
  // How long a job takes depends on what else the machine does.
  const mayFail = job.mayFail || job.hits > 1 || error?.code === 'timed_out'
  if (status === 'failed') expect(mayFail, `${id} failed with ${error?.code}`).toBe(true)
  job.status = status
}

/** The job once it has ended; null for a deleted one. */
export async function untilEnd(cluster: Cluster, job: Known): Promise<Job | null> {
  for (const end = Date.now() + 60_000; ; ) {
    const { status, body } = await ask(cluster, `/jobs/${job.id}?wait=10`)
    if (status === 410) return null
    see(job, body)
    if (isFinal(body.status)) return body
    if (Date.now() > end) throw new Error(`${job.id} stays ${body.status}`)
  }
}

/** The job as it is once `condition` holds or it has ended; null for a deleted one. */
export async function until(cluster: Cluster, job: Known, condition: (job: Job) => boolean): Promise<Job | null> {
  const begin = Date.now()
  for (const end = begin + 60_000; ; ) {
    const { status, body } = await ask(cluster, `/jobs/${job.id}`)
    if (status === 410) return null
    see(job, body)
    if (condition(body) || isFinal(body.status)) return body
    if (Date.now() > end) throw new Error(`${job.id} stays ${body.status}`)
    await sleep(Date.now() - begin < 5000 ? 20 : 100)
  }
}

/** Waits for the end of every job, and holds what their event streams told against the picture. */
export async function settle(cluster: Cluster, { jobs, reached }: Model): Promise<void> {
  for (const job of jobs) {
    const end = await untilEnd(cluster, job)
    if (end === null) expect(job.deleted).toBe(true)
    const statuses = await job.told
    for (const [i, status] of statuses.entries()) {
      const before = statuses[i - 1]
      if (before === undefined) continue
      expect(next[before], `${job.id}: ${statuses}`).toContain(status)
      reached.add(`${before} ${status}`)
    }
    if (end !== null) expect(statuses.at(-1)).toBe(end.status)
  }
}
