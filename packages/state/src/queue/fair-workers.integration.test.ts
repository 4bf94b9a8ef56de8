import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest'
import type { JobRecord } from '../index.ts'
import { startSlotWorker } from '../testing/slot-worker.ts'
import { openTestState, submit, testRequest, until } from '../testing/state.ts'

let state: Awaited<ReturnType<typeof openTestState>>
beforeEach(async () => {
  state = await openTestState(inject('redisUrl'))
})
afterEach(() => state.close())

/** Megapixel-steps, by one picture of 1000 × 1000 pixels. */
const costing = (cost: number) => ({ ...testRequest().parameters, width: 1000, height: 1000, steps_run: cost })

describe.each([1, 8])('with %i jobs at once', (slots) => {
  test('a single job waits for the running job and one prepared one of a tenant with 1,000 queued, no more', async () => {
    for (let i = 0; i < 10; i++) {
      await Promise.all(Array.from({ length: 100 }, () => submit(state, { tenant: 'heavy', parameters: costing(10) })))
    }
    expect((await state.queue.depths(['still-life']))[0]?.waiting).toBe(1000)
    const started: JobRecord[] = []
    const worker = await startSlotWorker(state, 'w', started, () => 30, slots)
    for (let round = 1; round <= 5; round++) {
      await sleep(100)
      const { id } = await submit(state, { tenant: `light-${round}`, parameters: costing(10) })
      // What runs now has started; only the prepared one may still come in between.
      const before = started.length
      await until(() => started.some((job) => job.id === id))
      expect(started.slice(before).findIndex((job) => job.id === id)).toBeLessThanOrEqual(1)
    }
    await worker.shutdown()
  })

  test('weights 1:3 share a worker 25:75', async () => {
    for (let i = 0; i < 80; i++) {
      await submit(state, { tenant: 'one', parameters: costing(6) }, 1)
      await submit(state, { tenant: 'three', parameters: costing(6) }, 3)
    }
    const started: JobRecord[] = []
    const worker = await startSlotWorker(state, 'w', started, () => 1, slots)
    await until(() => started.length >= 100, 30_000)
    await worker.shutdown()
    const share = started.slice(0, 100).filter(({ tenant }) => tenant === 'one').length / 100
    expect(share).toBeGreaterThanOrEqual(0.2)
    expect(share).toBeLessThanOrEqual(0.3)
  })
})
