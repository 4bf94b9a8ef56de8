import { expect, test, vi } from 'vitest'
import { throttleErrors } from './throttle-errors.ts'

test('an error is told once in ten seconds, another one at once', () => {
  vi.useFakeTimers()
  try {
    const told: string[] = []
    const tell = throttleErrors((error) => told.push(error.message))
    for (let i = 0; i < 50; i++) tell(new Error('connect ECONNREFUSED'))
    tell(new Error('read ECONNRESET'))
    expect(told).toEqual(['connect ECONNREFUSED', 'read ECONNRESET'])
    vi.advanceTimersByTime(10_000)
    tell(new Error('connect ECONNREFUSED'))
    expect(told).toHaveLength(3)
  } finally {
    vi.useRealTimers()
  }
})
