import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createUploadBudget } from './upload-budget.ts'

const never = new AbortController().signal
const settled = () => new Promise((resolve) => setImmediate(resolve))

it('lets uploads wait for their turn, in order', async () => {
  const budget = createUploadBudget(10)
  const order: string[] = []
  const take = (name: string, bytes: number) =>
    budget.take(bytes, never).then((give) => {
      order.push(name)
      return give
    })
  const first = await take('first', 6)
  const large = take('large', 5)
  const small = take('small', 1)
  await settled()
  // The small one would fit, and the large one would never come if small ones went before it.
  expect(order).toEqual(['first'])
  first()
  first()
  await Promise.all([large, small])
  expect(order).toEqual(['first', 'large', 'small'])
})

it('lets one in that is larger than all that may be held, alone', async () => {
  const budget = createUploadBudget(10)
  const give = await budget.take(30, never)
  const after = budget.take(1, never)
  give()
  await after
})

it('refuses one whose turn does not come in time, and one whose client leaves, and goes on', async () => {
  const budget = createUploadBudget(10, 50)
  const give = await budget.take(10, never)
  const leaving = new AbortController()
  const refused = Promise.allSettled([budget.take(1, never), budget.take(1, leaving.signal)])
  leaving.abort()
  const reason = { code: 'overloaded', status: 503 }
  expect(await refused).toMatchObject([{ reason }, { reason }])
  give()
  await budget.take(10, never)
})

it('never holds more than it may, and leaves nobody behind', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 12 }), { maxLength: 30 }), async (sizes) => {
      const budget = createUploadBudget(12)
      let held = 0
      await Promise.all(
        sizes.map(async (bytes) => {
          const give = await budget.take(bytes, never)
          held += bytes
          expect(held).toBeLessThanOrEqual(12)
          await settled()
          held -= bytes
          give()
        }),
      )
    }),
  )
})
