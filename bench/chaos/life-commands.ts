import { isFinal } from '@pentimento/contracts'
import type fc from 'fast-check'
import { expect } from 'vitest'
import type { Cluster } from './cluster.ts'
import { signalEach } from './faults.ts'
import { ask, type Known, type Model, see, until, untilEnd } from './life.ts'
import type { Supervised } from './supervise.ts'

/** What befalls jobs: what their clients ask, and what breaks beneath them. */
export type Command = fc.AsyncCommand<Model, Cluster>

/** Whatever runs on the worker now counts as hit. */
export async function hit(model: Model, cluster: Cluster, worker: Supervised): Promise<void> {
  const running = await cluster.attempts.running(worker.name, 0)
  for (const job of model.jobs) if (running.some(({ job: id }) => id === job.id)) job.hits++
}

/** A command about one of the jobs there are; -1 is the latest. */
const about = (
  name: string,
  pick: number,
  act: (job: Known, model: Model, real: Cluster) => Promise<void>,
): Command => ({
  check: ({ jobs }) => jobs.length > 0,
  run: (model, cluster) => act(model.jobs.at(pick % model.jobs.length) as Known, model, cluster),
  toString: () => `${name}(${pick})`,
})

export const look = (pick: number) =>
  about('look', pick, async (job, _, cluster) => {
    const { status, body } = await ask(cluster, `/jobs/${job.id}`)
    if (job.deleted) expect([status, body.code]).toEqual([410, 'deleted'])
    else see(job, body)
  })

export const wait = (pick: number, what: 'processing' | 'end') =>
  about(`wait for ${what}`, pick, async (job, _, cluster) => {
    if (what === 'end') await untilEnd(cluster, job)
    else await until(cluster, job, ({ status }) => status === what)
  })

export const cancel = (pick: number) =>
  about('cancel', pick, async (job, _, cluster) => {
    const before = { ...job }
    job.cancelAsked = true
    const { status, body } = await ask(cluster, `/jobs/${job.id}/cancel`, { method: 'POST' })
    if (job.deleted) return expect([status, body.code]).toEqual([410, 'deleted'])
    if (status === 409) {
      job.cancelAsked = before.cancelAsked
      expect(body.code).toBe('already_final')
      expect(['succeeded', 'failed', 'expired']).toContain(body.job?.status)
      if (body.job) see(job, body.job)
      return
    }
    if (isFinal(before.status)) expect(before.status).toBe('canceled')
    see(job, body)
    if (status === 200) expect(body.status).toBe('canceled')
    else expect([status, body.status, body.cancel_requested_at !== null]).toEqual([202, 'processing', true])
  })

export const erase = (pick: number) =>
  about('delete', pick, async (job, _, cluster) => {
    const { status } = await ask(cluster, `/jobs/${job.id}`, { method: 'DELETE' })
    expect(status).toBe(job.deleted ? 410 : 204)
    job.deleted = true
    expect((await ask(cluster, `/jobs/${job.id}/images/0`)).body.code).toBe('deleted')
  })

/** Something befalls the worker on which the job runs. */
const befall = (name: string, pick: number, act: (worker: Supervised, model: Model, real: Cluster) => Promise<void>) =>
  about(name, pick, async (job, model, cluster) => {
    if (job.deleted || isFinal(job.status)) return
    await until(cluster, job, ({ progress }) => progress?.phase === 'denoising')
    const running = await cluster.attempts.running(undefined, 0)
    const attempt = running.find((one) => one.job === job.id)
    const worker = cluster.workers.find(({ name }) => name === attempt?.worker)
    if (!worker || isFinal(job.status)) return
    await act(worker, model, cluster)
    await until(cluster, job, ({ status }) => status !== 'processing' || attempt?.endedAt !== null)
  })

export const killEngine = (pick: number) =>
  befall('killEngine', pick, async (worker, model, cluster) => {
    await hit(model, cluster, worker)
    signalEach(await cluster.engines(worker), 'SIGKILL')
  })

export const killWorker = (pick: number) =>
  befall('killWorker', pick, async (worker, model, cluster) => {
    await hit(model, cluster, worker)
    worker.kill('SIGKILL')
  })

/** The worker hands its job back, which counts for nothing. */
export const drainWorker = (pick: number) => befall('drainWorker', pick, async (worker) => worker.kill('SIGTERM'))
