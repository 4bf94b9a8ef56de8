import { randomUUID } from 'node:crypto'
import { rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'vitest'
import type { Cluster } from './cluster.ts'
import { ask, type Known, known, type Model, see, untilEnd } from './life.ts'
import { type Command, hit } from './life-commands.ts'

/** A job that is done at once, one that takes its time, and one that takes longer than JOB_TIMEOUT. */
const sizes = {
  short: { width: 64, height: 64, steps: 4 },
  long: { width: 64, height: 64, steps: 150, num_images: 4 },
  endless: { width: 512, height: 512, steps: 150, num_images: 8 },
}
type Size = keyof typeof sizes

/** While `act` runs, no worker does anything. */
async function whileFrozen<T>(model: Model, cluster: Cluster, act: () => Promise<T>): Promise<T> {
  const generators = cluster.workers.filter(({ name }) => name.startsWith('worker'))
  for (const worker of generators) {
    await hit(model, cluster, worker)
    worker.kill('SIGSTOP')
  }
  try {
    return await act()
  } finally {
    for (const worker of generators) worker.kill('SIGCONT')
  }
}

/**
 * How jobs begin, some of them badly.
 *
 * @param expiresIn seconds for which jobs are kept after their end
 */
export function submitCommands(picture: Blob, expiresIn: number) {
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
        await untilEnd(cluster, job)
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

  return { submit, submitWithoutStorage, submitTooLate, submitAndLoseInputs }
}
