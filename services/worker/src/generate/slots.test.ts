import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createSlots } from './slots.ts'

const never = new AbortController().signal

/** Queues claims while the slot is taken, then lets them run one after another; answers the order. */
async function order(
  slot: ReturnType<typeof createSlots>,
  claims: { model: string; tag: number }[],
): Promise<string[]> {
  const first = await slot.acquire({ model: 'a', tag: 0 }, never)
  const ran: string[] = []
  const all = claims.map(async (claim) => {
    const release = await slot.acquire(claim, never)
    ran.push(`${claim.model}${claim.tag}`)
    await Promise.resolve()
    release()
  })
  first()
  await Promise.all(all)
  return ran
}

it('goes by the lowest tag', async () => {
  const claims = [5, 3, 9, 4].map((tag) => ({ model: 'a', tag }))
  expect(await order(createSlots(1), claims)).toEqual(['a3', 'a4', 'a5', 'a9'])
})

it('stays on the loaded model for four jobs beyond a lower tag of another', async () => {
  const claims = [{ model: 'b', tag: 1 }, ...[2, 3, 4, 5, 6, 7].map((tag) => ({ model: 'a', tag }))]
  expect(await order(createSlots(1), claims)).toEqual(['a2', 'a3', 'a4', 'a5', 'b1', 'a6', 'a7'])
})

it('stays on the loaded model for 30 seconds at most', async () => {
  let time = 0
  const slot = createSlots(1, undefined, { jobs: 100, ms: 30_000 }, () => (time += 8000))
  const claims = [{ model: 'b', tag: 1 }, ...[2, 3, 4, 5, 6, 7].map((tag) => ({ model: 'a', tag }))]
  // Each look at the clock is eight seconds later: three jobs pass before thirty are over.
  expect((await order(slot, claims)).indexOf('b1')).toBe(3)
})

it('tells whose turn it is', async () => {
  const turns: string[] = []
  await order(
    createSlots(1, (model) => turns.push(model)),
    [{ model: 'b', tag: 1 }],
  )
  expect(turns).toEqual(['a', 'b'])
})

it('forgets a claim whose signal aborts', async () => {
  const slot = createSlots(1)
  const release = await slot.acquire({ model: 'a', tag: 0 }, never)
  const controller = new AbortController()
  const waiting = slot.acquire({ model: 'a', tag: 1 }, controller.signal)
  const last = slot.acquire({ model: 'a', tag: 2 }, never)
  controller.abort('shutdown')
  await expect(waiting).rejects.toBe('shutdown')
  release()
  await last
  await expect(slot.acquire({ model: 'a', tag: 3 }, controller.signal)).rejects.toBe('shutdown')
})

it('never lends more than it has and never leaves a claim behind', async () => {
  const slots = fc.integer({ min: 1, max: 4 })
  const claim = fc.record({
    model: fc.constantFrom('a', 'b', 'c'),
    tag: fc.integer({ min: 0, max: 50 }),
    abort: fc.boolean(),
    doubleRelease: fc.boolean(),
  })
  await fc.assert(
    fc.asyncProperty(slots, fc.array(claim, { maxLength: 20 }), async (count, claims) => {
      const slot = createSlots(count)
      let holders = 0
      const outcomes = await Promise.allSettled(
        claims.map(async ({ abort, doubleRelease, ...rest }) => {
          const controller = new AbortController()
          if (abort) queueMicrotask(() => controller.abort('stop'))
          const release = await slot.acquire(rest, controller.signal)
          holders++
          expect(holders).toBeLessThanOrEqual(count)
          await new Promise((resolve) => setImmediate(resolve))
          holders--
          release()
          if (doubleRelease) release()
        }),
      )
      for (const [i, outcome] of outcomes.entries()) {
        if (outcome.status === 'rejected') expect([claims[i]?.abort, outcome.reason]).toEqual([true, 'stop'])
      }
    }),
  )
})
