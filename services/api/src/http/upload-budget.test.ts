import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createUploadBudget, type Upload } from './upload-budget.ts'

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
  const budget = createUploadBudget(10)
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
  const budget = createUploadBudget(10)
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

it('leaves room to other tenants, whatever one holds or waits for', async () => {
  const budget = createUploadBudget(10, 5)
  const greedy = Array.from({ length: 20 }, () => budget.open('greedy', never))
  for (const upload of greedy.slice(0, 5)) await upload.take(1)
  const waiting = await Promise.all(greedy.slice(5).map((upload) => comes(upload, 1)))
  expect(waiting.some((come) => come())).toBe(false)
  for (const tenant of ['b', 'c', 'd', 'e', 'f']) await budget.open(tenant, never).take(1)
})

it('lets a small one pass a large one that waits', async () => {
  const budget = createUploadBudget(10)
  await budget.open('a', never).take(6)
  const large = await comes(budget.open('a', never), 5)
  expect((await comes(budget.open('a', never), 4))()).toBe(true)
  expect(large()).toBe(false)
})

it('refuses one for which there is no room in time, and one whose client leaves, and goes on', async () => {
  const budget = createUploadBudget(10, 10, 50)
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

it('never holds more than it may but for one upload, and brings everyone to an end', async () => {
  const piece = fc.integer({ min: 0, max: 7 })
  const upload = fc.record({ tenant: fc.constantFrom('a', 'b', 'c'), pieces: fc.array(piece, { maxLength: 5 }) })
  await fc.assert(
    fc.asyncProperty(fc.array(upload, { maxLength: 25 }), async (uploads) => {
      const budget = createUploadBudget(12, 7)
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
