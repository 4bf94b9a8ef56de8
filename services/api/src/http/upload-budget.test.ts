import fc from 'fast-check'
import { afterEach, expect, it, vi } from 'vitest'
import { createUploadBudget, type Upload } from './upload-budget.ts'

afterEach(() => {
  vi.useRealTimers()
})

const never = new AbortController().signal
const settled = () => new Promise((resolve) => setImmediate(resolve))

/** Whether room for so many bytes came, looked at a moment later. */
async function comes(upload: Upload, bytes: number): Promise<() => boolean> {
  let come = false
  void upload.take(bytes).then(
    () => {
      come = true
    },
    () => {},
  )
  await settled()
  return () => come
}

it('lets an upload hold what it has sent, and wait for more', async () => {
  const budget = createUploadBudget(10, { shared: false })
  const first = budget.open('a', never)
  const second = budget.open('a', never)
  await first.take(6)
  await second.take(4)
  const more = await comes(second, 1)
  expect(more()).toBe(false)
  first.close()
  await settled()
  expect(more()).toBe(true)
})

it('lets the oldest exceed what there is, so that one always ends, and nobody else', async () => {
  const budget = createUploadBudget(10, { shared: false })
  const [oldest, second, third] = [budget.open('a', never), budget.open('b', never), budget.open('b', never)]
  await oldest.take(5)
  await second.take(5)
  await oldest.take(30)
  const [of2, of3] = [await comes(second, 1), await comes(third, 1)]
  expect([of2(), of3()]).toEqual([false, false])
  oldest.close()
  oldest.close()
  await settled()
  expect([of2(), of3()]).toEqual([true, true])
  // The second is the oldest now.
  await second.take(30)
  expect((await comes(third, 1))()).toBe(false)
})

it('leaves as much free as a tenant holds, whatever it holds or waits for', async () => {
  const budget = createUploadBudget(160)
  const taken: number[] = []
  for (const tenant of ['a', 'b', 'c', 'd', 'e']) {
    const uploads = Array.from({ length: 200 }, () => budget.open(tenant, never))
    const come = await Promise.all(uploads.map((upload) => comes(upload, 1)))
    taken.push(come.filter((came) => came()).length)
  }
  // Half of what is free each time: there is always something left.
  expect(taken).toEqual([80, 40, 20, 10, 5])
})

it('lets the oldest upload of every tenant end while a quarter stays free', async () => {
  const budget = createUploadBudget(100)
  const oldest = budget.open('a', never)
  await oldest.take(10)
  const [first, second] = [budget.open('b', never), budget.open('b', never)]
  await first.take(20)
  await second.take(20)
  const [of1, of2] = [await comes(first, 25), await comes(second, 25)]
  expect([of1(), of2()]).toEqual([true, false])
  expect((await comes(first, 1))()).toBe(false)
})

it('is given to another tenant at once while one that holds its share waits', async () => {
  const budget = createUploadBudget(10)
  await budget.open('a', never).take(1)
  await budget.open('a', never).take(4)
  const large = await comes(budget.open('a', never), 2)
  await budget.open('b', never).take(2)
  expect(large()).toBe(false)
})

it('refuses one for which there is no room in time, and one whose client leaves, and goes on', async () => {
  const budget = createUploadBudget(10, { shared: false, patienceMs: 50 })
  const full = budget.open('a', never)
  await full.take(10)
  const leaving = new AbortController()
  const refused = [budget.open('a', never).take(1), budget.open('a', leaving.signal).take(1)]
  leaving.abort()
  refused.push(budget.open('a', leaving.signal).take(1))
  const reason = { code: 'overloaded', status: 503 }
  expect(await Promise.allSettled(refused)).toMatchObject([{ reason }, { reason }, { reason }])
  full.close()
  await budget.open('a', never).take(10)
})

it('waits for ten seconds where nothing else is said', async () => {
  vi.useFakeTimers()
  const budget = createUploadBudget(10, { shared: false })
  await budget.open('a', never).take(10)
  let refusal: unknown = null
  budget
    .open('a', never)
    .take(1)
    .catch((error: unknown) => {
      refusal = error
    })
  await vi.advanceTimersByTimeAsync(9_999)
  expect(refusal).toBeNull()
  await vi.advanceTimersByTimeAsync(1)
  expect(refusal).toMatchObject({ code: 'overloaded', options: { retryAfterSeconds: 10 } })
})

it('never holds more than it may but for one upload, and brings everyone to an end', async () => {
  const piece = fc.integer({ min: 0, max: 7 })
  const upload = fc.record({ tenant: fc.constantFrom('a', 'b', 'c'), pieces: fc.array(piece, { maxLength: 5 }) })
  await fc.assert(
    fc.asyncProperty(fc.array(upload, { maxLength: 25 }), fc.boolean(), async (uploads, shared) => {
      const budget = createUploadBudget(12, { shared })
      const held = new Map<number, number>()
      await Promise.all(
        uploads.map(async ({ tenant, pieces }, i) => {
          const open = budget.open(tenant, never)
          for (const bytes of pieces) {
            await open.take(bytes)
            held.set(i, (held.get(i) ?? 0) + bytes)
            const all = [...held.values()].reduce((sum, value) => sum + value, 0)
            expect(all - Math.max(...held.values())).toBeLessThanOrEqual(12)
            await settled()
          }
          held.delete(i)
          open.close()
        }),
      )
    }),
  )
})
