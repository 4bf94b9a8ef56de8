import type { Redis } from 'ioredis'
import { expect, test, vi } from 'vitest'
import type { Store } from '../redis/store.ts'
import { createEvents } from './create-events.ts'
import type { Subscriptions } from './subscriptions.ts'

test('previews are asked for once by all who begin to watch together, as often as the one wants who wants most', async () => {
  vi.useFakeTimers()
  try {
    const asked: unknown[][] = []
    const redis = { set: async (...words: unknown[]) => asked.push(words) }
    const store = { prefix: '{n}:', call: (command: (redis: Redis) => unknown) => command(redis as unknown as Redis) }
    const events = createEvents(store as unknown as Store, {} as Subscriptions)
    for (const every of [5, 5, 8, 2, 2, 5]) await events.requestPreviews('one', every)
    await events.requestPreviews('two', 5)
    expect(asked.map(([name, every]) => [name, every])).toEqual([
      ['{n}:preview:one', 5],
      ['{n}:preview:one', 2],
      ['{n}:preview:two', 5],
    ])
    vi.advanceTimersByTime(2500)
    await events.requestPreviews('one', 5)
    expect(asked).toHaveLength(4)
  } finally {
    vi.useRealTimers()
  }
})
