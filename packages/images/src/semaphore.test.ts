import { expect, it } from 'vitest'
import { createSemaphore } from './semaphore.ts'

it('runs at most as many tasks as it has slots, in order, and frees the slot of a task that throws', async () => {
  const withSlot = createSemaphore(2)
  const started: number[] = []
  let running = 0
  let most = 0
  const task = (n: number) =>
    withSlot(async () => {
      started.push(n)
      most = Math.max(most, ++running)
      await new Promise((resolve) => setTimeout(resolve, 2))
      running--
      if (n % 3 === 0) throw new Error(`task ${n}`)
      return n
    })
  const results = await Promise.allSettled(Array.from({ length: 9 }, (_, n) => task(n)))
  expect(started).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8])
  expect(most).toBe(2)
  expect(results.filter(({ status }) => status === 'rejected')).toHaveLength(3)
})
