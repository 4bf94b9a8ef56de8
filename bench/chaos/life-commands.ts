import { randomUUID } from 'node:crypto'
import { rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { isFinal } from '@pentimento/contracts'
import type fc from 'fast-check'
import { expect } from 'vitest'
import type { Cluster, Supervised } from './cluster.ts'
import { signalEach } from './faults.ts'
import { ask, type Known, known, type Model, see, until } from './life.ts'

export type Command = fc.AsyncCommand<Model, Cluster>

/** A job that is done at once, one that takes its time, and one that takes longer than JOB_TIMEOUT. */
const sizes = {
  short: { width: 256, height: 256, steps: 4 },
  long: { width: 256, height: 256, steps: 150 },
  endless: { width: 512, height: 512, steps: 150, num_images: 8 },
}
type Size = keyof typeof sizes

/** @param expiresIn seconds for which jobs are kept after their end */
export function lifeCommands(picture: Blob, expiresIn: number) {
  const generators = ({ workers }: Cluster) => workers.filter(({ name }) => name.startsWith('worker'))

  function post(cluster: Cluster, size: Size, fields: Record<string, string | number> = {}, key = randomUUID()) {
    const body = new FormData()
    const all = { prompt: 'x', strength: 1, seed: 1, expires_in: expiresIn, ...sizes[size], ...fields }
    for (const [name, value] of Object.entries(all)) body.append(name, String(value))
    body.append('image', picture, 'in.png')
    return ask(cluster, '/img2img', { method: 'POST', body, headers: { 'Idempotency-Key': key } })
  }

  async function accepted(model: Model, cluster: Cluster, size: Size, overrides: Partial<Known> = {}, deadline = 3600) {
    const { status, body } = await post(cluster, size, { deadline })
    expect(status, JSON.stringify(body)).toBe(202)
    const job = known(cluster, body, overrides)
    see(job, body)
    model.jobs.push(job)
    return job
  }

  /** Whatever runs there now counts as hit. */
  async function hit(model: Model, cluster: Cluster, worker: Supervised): Promise<void> {
    const running = await cluster.attempts.running(worker.name, 0)
    for (const job of model.jobs) if (running.some(({ job: id }) => id === job.id)) job.hits++
  }

  /** While `act` runs, no worker does anything. */
  async function whileFrozen<T>(model: Model, cluster: Cluster, act: () => Promise<T>): Promise<T> {
    for (const worker of generators(cluster)) {
      await hit(model, cluster, worker)
      worker.kill('SIGSTOP')
    }
    try {
      return await act()
    } finally {
      for (const worker of generators(cluster)) worker.kill('SIGCONT')
    }
  }

  const submit = (size: Size): Command => ({
    check: ({ jobs }) => jobs.length < 8,
    run: async (model, cluster) => void (await accepted(model, cluster, size)),
    toString: () => `submit(${size})`,
  })

  /** A submit that fails before the job is queued leaves nothing, not even its key. */
  const submitWithoutStorage: Command = {
    check: ({ jobs }) => jobs.length < 8,
    run: async (model, cluster) => {
      const key = randomUUID()
      await rename(cluster.storageDir, `${cluster.storageDir}-away`)
      await writeFile(cluster.storageDir, 'a file where the folder was')
      const { status, body } = await post(cluster, 'short', {}, key).finally(async () => {
        await rm(cluster.storageDir)
        await rename(`${cluster.storageDir}-away`, cluster.storageDir)
      })
      expect([status, body.code]).toEqual([503, 'storage_unavailable'])
      // What ran meanwhile could not store its pictures, for a moment.
      for (const job of model.jobs) job.mayFail = true
      const again = await post(cluster, 'short', {}, key)
      expect(again.status).toBe(202)
      model.jobs.push(known(cluster, again.body))
    },
    toString: () => 'submitWithoutStorage()',
  }

  const submitTooLate: Command = {
    check: ({ jobs }) => jobs.length < 8,
    run: (model, cluster) =>
      whileFrozen(model, cluster, async () => {
        const job = await accepted(model, cluster, 'short', { mayExpire: true }, 1)
        await sleep(1000)
        await until(cluster, job, () => false)
      }),
    toString: () => 'submitTooLate()',
  }

  const submitAndLoseInputs: Command = {
    check: ({ jobs }) => jobs.length < 8,
    run: (model, cluster) =>
      whileFrozen(model, cluster, async () => {
        const job = await accepted(model, cluster, 'short', { mayFail: true })
        await rm(join(cluster.storageDir, 'tenants', 'default', 'jobs', job.id), { recursive: true })
      }),
    toString: () => 'submitAndLoseInputs()',
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

  const look = (pick: number) =>
    about('look', pick, async (job, _, cluster) => {
      const { status, body } = await ask(cluster, `/jobs/${job.id}`)
      if (job.deleted) expect([status, body.code]).toEqual([410, 'deleted'])
      else see(job, body)
    })

  const wait = (pick: number, what: 'processing' | 'end') =>
    about(`wait for ${what}`, pick, async (job, _, cluster) => {
      await until(cluster, job, ({ status }) => status === what)
    })

  const cancel = (pick: number) =>
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

  const erase = (pick: number) =>
    about('delete', pick, async (job, _, cluster) => {
      const { status } = await ask(cluster, `/jobs/${job.id}`, { method: 'DELETE' })
      expect(status).toBe(job.deleted ? 410 : 204)
      job.deleted = true
      expect((await ask(cluster, `/jobs/${job.id}/images/0`)).body.code).toBe('deleted')
    })

  /** Something befalls the worker on which the job runs. */
  const befall = (
    name: string,
    pick: number,
    act: (worker: Supervised, model: Model, real: Cluster) => Promise<void>,
  ) =>
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

  const killEngine = (pick: number) =>
    befall('killEngine', pick, async (worker, model, cluster) => {
      await hit(model, cluster, worker)
      signalEach(await cluster.engines(worker), 'SIGKILL')
    })

  const killWorker = (pick: number) =>
    befall('killWorker', pick, async (worker, model, cluster) => {
      await hit(model, cluster, worker)
      worker.kill('SIGKILL')
    })

  /** The worker hands its job back, which counts for nothing. */
  const drainWorker = (pick: number) => befall('drainWorker', pick, async (worker) => worker.kill('SIGTERM'))

  return {
    submit,
    submitWithoutStorage,
    submitTooLate,
    submitAndLoseInputs,
    look,
    wait,
    cancel,
    erase,
    killEngine,
    killWorker,
    drainWorker,
  }
}
