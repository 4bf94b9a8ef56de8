import { describe, expect, it } from 'vitest'
import { quantile } from '../quantile.ts'
import { boundMs } from './bound.ts'
import { unetMs } from './gpu-times.ts'
import { virtualDevice } from './virtual-device.ts'

const limits = { maxRows: 16, slowdown: 2 }
const mixed = [25, 15, 18, 24, 20, 25, 15, 12]
const boundOf = (steps: number[]) => boundMs(steps.map((modelCalls) => ({ modelCalls, rows: 2 })))

/** So many jobs, of which `slots` are in the engine at once, first come first served. Answers when each was done. */
async function serve(steps: number[], slots: number, options = limits) {
  const device = await virtualDevice(options)
  const began = device.now()
  const done: number[] = []
  let next = 0
  async function slot(): Promise<void> {
    while (next < steps.length) {
      await device.paint(steps[next++] ?? 0)
      done.push(device.now() - began)
    }
  }
  await Promise.all(Array.from({ length: slots }, slot))
  return { wallMs: device.now() - began, done, figures: device.figures() }
}

describe("a GPU with an H200's times", () => {
  it.each([
    [16, 0.92],
    [8, 0.92],
  ])('with %i jobs in it paints at least %f of what it could at best', async (slots, least) => {
    const steps = Array.from({ length: 200 }, (_, i) => mixed[i % mixed.length] ?? 0)
    const { wallMs, figures } = await serve(steps, slots)
    expect(boundOf(steps) / wallMs).toBeGreaterThanOrEqual(least)
    expect(figures.idleWithWorkMs / wallMs).toBeLessThanOrEqual(0.01)
  })

  it.each([1, 2, 3, 4, 6, 8, 12, 16])(
    'makes none of %i jobs wait longer for its steps than calls of at most twice the time of one picture would',
    async (jobs) => {
      // Four rows take less than twice as long as two, six take more.
      expect(unetMs(4)).toBeLessThan(2 * unetMs(2))
      expect(unetMs(6)).toBeGreaterThan(2 * unetMs(2))
      const steps = new Array<number>(jobs).fill(25)
      const strict = await serve(steps, jobs, { ...limits, maxRows: 4 })
      const { wallMs } = await serve(steps, jobs)
      // Which jobs meet in a call at first is up to chance.
      expect(wallMs).toBeLessThanOrEqual(1.01 * strict.wallMs)
    },
  )

  it('takes as long for a lone job as it computes', async () => {
    const { wallMs, figures } = await serve([25], 8)
    expect(figures.calls).toEqual({ 2: 25 })
    expect(figures.busyMs).toBeCloseTo(wallMs)
  })

  it('starves nobody of fifty that come at once', async () => {
    const steps = new Array<number>(50).fill(25)
    const { done } = await serve(steps, 8)
    expect(quantile(done, 0.99) / boundOf(steps)).toBeLessThanOrEqual(1.6)
  })
})
