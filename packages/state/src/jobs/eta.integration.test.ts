import { afterEach, beforeEach, expect, inject, test } from 'vitest'
import type { JobRecord } from '../index.ts'
import { startSlotWorker } from '../testing/slot-worker.ts'
import { modelEntry, openTestState, submit, testRequest, until } from '../testing/state.ts'

let state: Awaited<ReturnType<typeof openTestState>>
beforeEach(async () => {
  state = await openTestState(inject('redisUrl'))
})
afterEach(() => state.close())

/** Jobs take 40 to 120 ms. */
const msPerCost = 8
const jobs = 100
/** Jobs that wait all the time. */
const waiting = 10
/** Said while the first jobs end: a guess from few of them. */
const early = 20

test.each([1, 4])(
  'queue_position and eta_seconds are within a factor of two of what happens, with %i jobs at once',
  async (slots) => {
    const started: JobRecord[] = []
    const workers = await Promise.all(
      ['w1', 'w2'].map(async (workerId) => {
        await state.workers.announce({
          workerId,
          state: 'ready',
          device: 'cpu',
          deviceMemory: null,
          slots,
          models: [modelEntry()],
        })
        return startSlotWorker(state, workerId, started, ({ cost }) => cost * msPerCost, slots)
      }),
    )
    const ended = new Map<string, number>()
    const foretold: { id: string; at: number; startedBefore: number; position: number; etaMs: number }[] = []
    for (let i = 0; i < jobs; i++) {
      await until(() => i - started.length < waiting)
      const parameters = { ...testRequest().parameters, width: 1000, height: 1000, steps_run: 5 + ((i * 7) % 11) }
      const job = await submit(state, { tenant: `tenant-${i % 5}`, parameters })
      state.events.subscribe(job.id, (event) => {
        if (event.type === 'status' && event.status === 'succeeded') ended.set(job.id, performance.now())
      })
      const [at, startedBefore] = [performance.now(), started.length]
      const { queuePosition, etaSeconds } = await state.jobs.standing(job)
      if (queuePosition !== null && etaSeconds !== null)
        foretold.push({ id: job.id, at, startedBefore, position: queuePosition, etaMs: etaSeconds * 1000 })
    }
    await until(() => started.length === jobs && foretold.every(({ id }) => ended.has(id)))
    await Promise.all(workers.map((worker) => worker.shutdown()))

    const near = (told: number, happened: number) => told <= happened * 2 && told >= happened / 2
    const steady = foretold.slice(early)
    expect(steady.length).toBeGreaterThan(jobs / 2)
    const etas = steady.filter(({ id, at, etaMs }) => near(etaMs, (ended.get(id) ?? 0) - at))
    const placeOf = (id: string) => started.findIndex((job) => job.id === id)
    // Counted from 1, so that a job that is next has a ratio.
    const places = steady.filter(({ id, startedBefore, position }) =>
      near(position + 1, placeOf(id) - startedBefore + 1),
    )
    expect(etas.length / steady.length).toBeGreaterThan(0.9)
    expect(places.length / steady.length).toBeGreaterThan(0.9)
  },
)
