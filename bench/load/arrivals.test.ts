import { expect, it } from 'vitest'
import { poissonArrivals, poissonTimes } from './arrivals.ts'

it('arrives at the mean rate, with gaps as long as they are spread', () => {
  const times = [...poissonTimes(50, 400)]
  const gaps = times.map((at, i) => at - (times[i - 1] ?? 0))
  const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length
  const deviation = Math.sqrt(gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length)
  // 20,000 arrivals: five standard errors are 3.5 %.
  expect(mean * 50).toBeGreaterThan(0.965)
  expect(mean * 50).toBeLessThan(1.035)
  expect(deviation / mean).toBeGreaterThan(0.95)
  expect(deviation / mean).toBeLessThan(1.05)
})

it('does not wait for what arrived before', async () => {
  let under = 0
  let most = 0
  const results = await poissonArrivals(200, 0.3, async () => {
    most = Math.max(most, ++under)
    await new Promise((resolve) => setTimeout(resolve, 200))
    return under--
  })
  expect(results.length).toBeGreaterThan(20)
  expect(most).toBeGreaterThan(10)
})
