import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createQueueCapacity } from './queue-capacity.ts'

describe('room in the queues', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }))
  afterEach(() => void vi.useRealTimers())

  it('is believed in for a moment after it was seen', () => {
    const capacity = createQueueCapacity(250)
    expect(capacity.seen(['a', 'b'])).toBe(false)
    capacity.remember('b')
    vi.advanceTimersByTime(249)
    expect([capacity.seen(['a', 'b']), capacity.seen(['a'])]).toEqual([true, false])
    vi.advanceTimersByTime(1)
    expect(capacity.seen(['a', 'b'])).toBe(false)
  })

  it('is not believed in any more once a job was refused', () => {
    const capacity = createQueueCapacity(250)
    capacity.remember('a')
    capacity.remember('b')
    capacity.forget('b')
    expect([capacity.seen(['a']), capacity.seen(['b'])]).toEqual([true, false])
  })
})
