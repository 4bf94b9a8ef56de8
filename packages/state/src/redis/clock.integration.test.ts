import { setTimeout as sleep } from 'node:timers/promises'
import { newJobId } from '@pentimento/contracts'
import { startTestClockRedis } from '@pentimento/test-redis'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openState, type State } from '../index.ts'
import { succeeded, testRequest, until } from '../testing/state.ts'
import { startSteadyLoad } from '../testing/steady-load.ts'

/** libfaketime looks at its file once a second. */
const seenMs = 1200

describe.skipIf(!process.env.LIBFAKETIME)("Redis' clock is set under load", () => {
  let redis: Awaited<ReturnType<typeof startTestClockRedis>>
  const states: State[] = []
  const open = async () => {
    const state = await openState({ redisUrl: redis.url, lockMs: 2000, stalledMs: 500, onError: () => {} })
    states.push(state)
    return state
  }

  beforeAll(async () => {
    redis = await startTestClockRedis()
  })
  afterAll(async () => {
    await Promise.all(states.map((state) => state.close()))
    await redis.close()
  })

  test('forward and back, and every accepted job ends well while others are accepted', async () => {
    const load = await startSteadyLoad({ redisUrl: redis.url, namespace: 'load' }, 2)
    await until(() => load.accepted.length > 5)
    for (const seconds of [60, -5, 600, -60]) {
      redis.clock.step(seconds)
      await sleep(seenMs)
    }
    const lost = await load.end()
    expect([lost, load.refused()], load.told.join('\n')).toEqual([[], 0])
    expect(load.longestGapMs(), load.told.join('\n')).toBeLessThan(5000)
  })

  test('forward beyond the locks: what runs begins a second time, and one result counts', async () => {
    const [api, first, second] = await Promise.all([open(), open(), open()])
    const slow = Promise.withResolvers<void>()
    const ends: [number, boolean][] = []
    const work = (state: State, workerName: string) =>
      state.queue.consume({
        model: 'still-life',
        workerName,
        handler: async ({ id }) => {
          const started = await state.jobs.start(id, workerName)
          if (started.outcome !== 'started') return 'done'
          if (started.attempt === 1) await slow.promise
          ends.push([started.attempt, await state.jobs.finish(id, succeeded(started.attempt))])
          return 'done'
        },
      })
    const consumers = await Promise.all([work(first, 'first'), work(second, 'second')])
    const id = newJobId()
    await api.jobs.begin({ id, request: testRequest() })
    await api.jobs.enqueue(id)
    await until(async () => ((await api.jobs.get('default', id)) as { status: string }).status === 'processing')
    // A step that is seen within a renewal of the lock takes nothing from it: so there are several.
    const stepping = setInterval(() => redis.clock.step(60), seenMs + 100)
    await until(() => ends.length === 1).finally(() => clearInterval(stepping))
    slow.resolve()
    await until(() => ends.length === 2)
    expect(ends).toEqual([
      [2, true],
      [1, false],
    ])
    await Promise.all(consumers.map((consumer) => consumer.shutdown()))
  })
})
