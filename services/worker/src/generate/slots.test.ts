import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createSlots } from './slots.ts'

const never = new AbortController().signal
const usual = { megapixels: 1, alone: false }
const roomy = { megapixels: 100 }
const of = (count: number) => createSlots({ count: () => count, ...roomy })

/** Queues claims while the slot is taken, then lets them run one after another; answers the order. */
async function order(
  slot: ReturnType<typeof createSlots>,
  claims: { model: string; needs?: string; tag: number }[],
): Promise<string[]> {
  const first = await slot.acquire({ model: 'a', tag: 0, ...usual }, never)
  const ran: string[] = []
  const all = claims.map(async (claim) => {
    const release = await slot.acquire({ ...claim, ...usual }, never)
    ran.push(`${claim.needs ?? claim.model}${claim.tag}`)
    await Promise.resolve()
    release()
  })
  first()
  await Promise.all(all)
  return ran
}

it('goes by the lowest tag', async () => {
  const claims = [5, 3, 9, 4].map((tag) => ({ model: 'a', tag }))
  expect(await order(of(1), claims)).toEqual(['a3', 'a4', 'a5', 'a9'])
})

it('stays on the loaded model for four jobs beyond a lower tag of another', async () => {
  const claims = [{ model: 'b', tag: 1 }, ...[2, 3, 4, 5, 6, 7].map((tag) => ({ model: 'a', tag }))]
  expect(await order(of(1), claims)).toEqual(['a2', 'a3', 'a4', 'a5', 'b1', 'a6', 'a7'])
})

it('stays with the LoRAs that are folded in as it stays on a model', async () => {
  const claims = [{ model: 'a', needs: 'a+x', tag: 1 }, ...[2, 3, 4, 5, 6].map((tag) => ({ model: 'a', tag }))]
  expect(await order(of(1), claims)).toEqual(['a2', 'a3', 'a4', 'a5', 'a+x1', 'a6'])
})

it('stays on the loaded model for 30 seconds at most', async () => {
  let time = 0
  const slot = createSlots({
    count: () => 1,
    ...roomy,
    stay: { jobs: 100, ms: 30_000 },
    now: () => (time += 8000),
  })
  const claims = [{ model: 'b', tag: 1 }, ...[2, 3, 4, 5, 6, 7].map((tag) => ({ model: 'a', tag }))]
  // Each look at the clock is eight seconds later: four jobs pass before thirty are over.
  expect((await order(slot, claims)).indexOf('b1')).toBe(4)
})

it('tells whose turn it is, and how many run', async () => {
  const turns: string[] = []
  await order(
    createSlots({
      count: () => 1,
      ...roomy,
      onChange: (model, running) => turns.push(`${model} ${running.get(model) ?? 0}`),
    }),
    [{ model: 'b', tag: 1 }],
  )
  expect(turns).toEqual(['a 1', 'a 0', 'b 1', 'b 0'])
})

it('forgets a claim whose signal aborts', async () => {
  const slot = of(1)
  const release = await slot.acquire({ model: 'a', tag: 0, ...usual }, never)
  const controller = new AbortController()
  const waiting = slot.acquire({ model: 'a', tag: 1, ...usual }, controller.signal)
  const last = slot.acquire({ model: 'a', tag: 2, ...usual }, never)
  controller.abort('shutdown')
  await expect(waiting).rejects.toBe('shutdown')
  release()
  await last
  await expect(slot.acquire({ model: 'a', tag: 3, ...usual }, controller.signal)).rejects.toBe('shutdown')
})

/** Claims them all, the first with the lowest tag, and answers which have a slot. */
async function held(
  slots: ReturnType<typeof createSlots>,
  claims: { megapixels?: number; alone?: boolean }[],
): Promise<Map<number, () => void>> {
  const found = new Map<number, () => void>()
  for (const [tag, claim] of claims.entries())
    void slots.acquire({ model: 'a', tag, ...usual, ...claim }, never).then((release) => found.set(tag, release))
  await new Promise((resolve) => setImmediate(resolve))
  return found
}

it('takes several jobs, as long as there is room for their pixels, and lets nobody pass', async () => {
  const slots = createSlots({ count: () => 3, megapixels: 10 })
  const running = await held(slots, [{ megapixels: 4 }, { megapixels: 5 }, { megapixels: 2 }, { megapixels: 1 }])
  expect([...running.keys()]).toEqual([0, 1])
  running.get(0)?.()
  await new Promise((resolve) => setImmediate(resolve))
  expect([...running.keys()]).toEqual([0, 1, 2, 3])
})

it('runs a job that is larger than all room alone', async () => {
  const slots = createSlots({ count: () => 3, megapixels: 10 })
  const running = await held(slots, [{ megapixels: 30 }, { megapixels: 1 }])
  expect([...running.keys()]).toEqual([0])
  running.get(0)?.()
  await new Promise((resolve) => setImmediate(resolve))
  expect([...running.keys()]).toEqual([0, 1])
})

it('lets a job that is to be alone begin when all others have ended, and none beside it', async () => {
  const slots = createSlots({ count: () => 3, ...roomy })
  const running = await held(slots, [{}, {}, { alone: true }, {}])
  expect([...running.keys()]).toEqual([0, 1])
  for (const ends of [0, 1, 2]) {
    expect(running.size).toBe(ends < 2 ? 2 : 3)
    running.get(ends)?.()
    await new Promise((resolve) => setImmediate(resolve))
  }
  expect([...running.keys()]).toEqual([0, 1, 2, 3])
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
      const slot = of(count)
      let holders = 0
      const outcomes = await Promise.allSettled(
        claims.map(async ({ abort, doubleRelease, ...rest }) => {
          const controller = new AbortController()
          if (abort) queueMicrotask(() => controller.abort('stop'))
          const release = await slot.acquire({ ...rest, ...usual }, controller.signal)
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
