import { fork } from 'node:child_process'
import { once } from 'node:events'
import { afterEach, beforeEach, expect, inject, test } from 'vitest'
import type { Handler, JobRecord } from '../index.ts'
import { newNamespace, openTestState, submit, succeeded, until } from '../testing/state.ts'

let namespace: string
let state: Awaited<ReturnType<typeof openTestState>>
beforeEach(async () => {
  namespace = newNamespace()
  state = await openTestState(inject('redisUrl'), namespace)
})
afterEach(() => state.close())

async function current(id: string): Promise<JobRecord> {
  const found = await state.jobs.get('default', id)
  if (found === null || 'gone' in found) throw new Error(`job ${id} is gone`)
  return found
}

const run: Handler = async (item) => {
  const started = await state.jobs.start(item.id, 'w')
  if (started.outcome === 'started') await state.jobs.finish(item.id, succeeded(started.attempt))
  return 'done'
}

/** A worker process that starts every job it gets and then lives as long as the test lets it. */
async function hangingWorker(prepareOnly = false) {
  const child = fork(
    new URL('../testing/hanging-worker.ts', import.meta.url),
    [inject('redisUrl'), namespace, String(prepareOnly)],
    {
      execArgv: ['--conditions=source'],
    },
  )
  let jobs = 0
  child.on('message', () => jobs++)
  return {
    started: (n: number) => until(() => jobs >= n),
    signal: (name: NodeJS.Signals) => child.kill(name),
    async kill() {
      const exited = once(child, 'exit')
      child.kill('SIGKILL')
      await exited
    },
  }
}

test('a job whose worker is killed runs again elsewhere; killed twice it has failed, and others are not taken along', async () => {
  const poison = await submit(state)
  const first = await hangingWorker()
  await first.started(1)
  await first.kill()
  const since = performance.now()
  const second = await hangingWorker()
  await second.started(1)
  // Lock 2 s, two ticks of 1 s.
  expect(performance.now() - since).toBeLessThan(8000)
  expect(await current(poison.id)).toMatchObject({ status: 'processing', attempt: 2, crashes: 1 })
  await second.kill()
  const good = await submit(state)
  const consumer = await state.queue.consume({ model: 'still-life', workerName: 'w', handler: run })
  expect(await state.jobs.wait('default', good.id, { timeoutMs: 8000 })).toMatchObject({
    status: 'succeeded',
    attempt: 1,
  })
  expect(await state.jobs.wait('default', poison.id, { timeoutMs: 8000 })).toMatchObject({
    status: 'failed',
    attempt: 2,
    crashes: 2,
    result: { error: { code: 'engine_crashed' } },
  })
  await consumer.drain()
})

test('a job that was only prepared by a killed worker has lost nothing', async () => {
  const { id } = await submit(state)
  const worker = await hangingWorker(true)
  await worker.started(1)
  await worker.kill()
  const consumer = await state.queue.consume({ model: 'still-life', workerName: 'w', handler: run })
  expect(await state.jobs.wait('default', id, { timeoutMs: 8000 })).toMatchObject({
    status: 'succeeded',
    attempt: 1,
    crashes: 0,
  })
  await consumer.drain()
})

test('a worker that was only frozen is not blamed: the job may still be retried', async () => {
  const { id } = await submit(state)
  const frozen = await hangingWorker()
  await frozen.started(1)
  frozen.signal('SIGSTOP')
  const second = await hangingWorker()
  await second.started(1)
  expect(await current(id)).toMatchObject({ attempt: 2, crashes: 1 })
  frozen.signal('SIGCONT')
  await until(async () => (await current(id)).crashes === 0)
  expect(await current(id)).toMatchObject({ status: 'processing', attempt: 2 })
  await frozen.kill()
  await second.kill()
})
