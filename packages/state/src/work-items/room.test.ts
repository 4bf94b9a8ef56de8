import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createRoom } from './room.ts'

describe('room in the queues', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }))
  afterEach(() => void vi.useRealTimers())

  it('is believed in for a moment after it was seen', () => {
    const room = createRoom(250)
    expect(room.seen(['a', 'b'])).toBe(false)
    room.remember('b')
    vi.advanceTimersByTime(249)
    expect([room.seen(['a', 'b']), room.seen(['a'])]).toEqual([true, false])
    vi.advanceTimersByTime(1)
    expect(room.seen(['a', 'b'])).toBe(false)
  })

  it('is not believed in any more once a job was refused', () => {
    const room = createRoom(250)
    room.remember('a')
    room.remember('b')
    room.forget('b')
    expect([room.seen(['a']), room.seen(['b'])]).toEqual([true, false])
  })
})
