import { expect, test } from 'vitest'
import { retryDelays } from './retry-delays.ts'

test('nine retries over about three days, each up to a tenth earlier or later', () => {
  const middle = retryDelays(() => 0.5)
  expect(middle.map((ms) => ms / 1000)).toEqual([5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400])
  for (const [random, factor] of [
    [0, 0.9],
    [1, 1.1],
  ] as const) {
    expect(retryDelays(() => random)).toEqual(middle.map((ms) => Math.round(ms * factor)))
  }
})
