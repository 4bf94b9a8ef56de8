import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { isFinal } from '@pentimento/contracts'
import { afterEach, beforeEach, expect, inject, test } from 'vitest'
import { modelEntry, newNamespace, openTestState, submit, until } from '../testing/state.ts'

let namespace: string
let state: Awaited<ReturnType<typeof openTestState>>
const workers = new Set<ChildProcess>()
const published: string[] = []

beforeEach(async () => {
  namespace = newNamespace()
  state = await openTestState(inject('redisUrl'), namespace)
})
afterEach(async () => {
  await Promise.all([...workers].map(kill))
  await state.close()
})

function spawnWorker(): void {
  const child = fork(new URL('../testing/random-worker.ts', import.meta.url), [inject('redisUrl'), namespace], {
    execArgv: ['--conditions=source'],
  })
  child.on('message', (id) => published.push(String(id)))
  workers.add(child)
}

async function kill(child: ChildProcess): Promise<void> {
  workers.delete(child)
  const exited = once(child, 'exit')
  child.kill('SIGKILL')
  await exited
}

test('while workers are killed and frozen, every accepted job ends and no result is published twice', async () => {
  for (let i = 0; i < 2; i++) spawnWorker()
  const sweeping = setInterval(() => state.jobs.sweep.lost().catch(() => undefined), 500)
  const accepted: string[] = []
  for (let round = 0; round < 4; round++) {
    for (let i = 0; i < 15; i++) accepted.push((await submit(state)).id)
    await sleep(700)
    const [victim] = workers
    if (victim === undefined) throw new Error('no worker')
    if (round % 2 === 0) {
      await kill(victim)
      spawnWorker()
    } else {
      victim.kill('SIGSTOP')
      setTimeout(() => victim.kill('SIGCONT'), 3000)
    }
  }
  const statuses = new Map<string, string>()
  for (const id of accepted) {
    await until(async () => {
      const found = await state.jobs.get('default', id)
      if (found === null || 'gone' in found || !isFinal(found.status)) return false
      statuses.set(id, found.status)
      return true
    }, 20_000)
  }
  clearInterval(sweeping)
  // A job that two killed workers had in hand has failed, which is not lost; few can have had such luck.
  expect([...statuses.values()].filter((status) => status === 'succeeded').length).toBeGreaterThanOrEqual(
    accepted.length - 2,
  )
  expect(new Set(published).size).toBe(published.length)
  expect((await state.queue.depths(['still-life']))[0]).toMatchObject({ waiting: 0 })
}, 60_000)

test('estimates are right within a factor of two under steady load', async () => {
  spawnWorker()
  // The fixture runs two jobs at a time, as two workers would.
  for (const workerId of ['a', 'b']) {
    await state.workers.announce({
      workerId,
      state: 'ready',
      device: 'cpu',
      deviceMemory: null,
      models: [modelEntry()],
    })
  }
  const first = await submit(state)
  await state.jobs.wait('default', first.id, { timeoutMs: 10_000 })
  for (let i = 0; i < 60; i++) await submit(state, { tenant: 'crowd' })
  const last = await submit(state, { tenant: 'crowd' })
  const since = performance.now()
  const { etaSeconds, queuePosition } = await state.jobs.standing(last)
  await state.jobs.wait('crowd', last.id, { timeoutMs: 20_000 })
  const seconds = (performance.now() - since) / 1000
  expect(queuePosition).toBeGreaterThan(20)
  expect(etaSeconds).toBeGreaterThan(seconds / 2)
  expect(etaSeconds).toBeLessThan(seconds * 2)
})
