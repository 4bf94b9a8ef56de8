import { startTestRedis } from '@pentimento/test-redis'
import * as fc from 'fast-check'
import { afterEach, beforeEach, expect, inject, test } from 'vitest'
import type { JobRecord } from '../index.ts'
import { FairReference } from '../testing/fair-reference.ts'
import { openTestState, submit, succeeded, testRequest } from '../testing/state.ts'

type TestState = Awaited<ReturnType<typeof openTestState>>
let state: TestState
beforeEach(async () => {
  state = await openTestState(inject('redisUrl'))
})
afterEach(() => state.close())

/** `cost` in megapixel-steps: 1000 × 1000 pixels, one image. */
function job(target: TestState, tenant: string, cost: number, weight = 1): Promise<JobRecord> {
  const parameters = { ...testRequest().parameters, width: 1000, height: 1000, steps_run: cost }
  return submit(target, { tenant, parameters }, weight)
}

/** Takes the next work item as a worker would, and starts its job. */
async function startNext(target: TestState): Promise<string | null> {
  const queue = `${target.prefix}queue:still-life:`
  const [id] = await target.redis.zpopmin(`${queue}prioritized`)
  if (id === undefined) return null
  await target.redis.del(queue + id)
  const started = await target.jobs.start(id, 'w')
  if (started.outcome !== 'started') throw new Error(`${id} did not start`)
  return id
}

async function end(target: TestState, id: string): Promise<void> {
  await target.jobs.finish(id, succeeded(1))
}

const step = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('submit' as const),
      tenant: fc.constantFrom('a', 'b', 'c'),
      // The large ones do not fit into the finest mapping, so that queues are mapped anew in between.
      cost: fc.oneof(
        { weight: 5, arbitrary: fc.integer({ min: 1, max: 400 }) },
        { weight: 1, arbitrary: fc.integer({ min: 20_000, max: 400_000 }) },
      ),
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('start' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('cancel' as const), pick: fc.nat() }) },
)
const weights: Record<string, number> = { a: 1, b: 3, c: 0.5 }

test('tags and order are those of the reference scheduler', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const run = await openTestState(inject('redisUrl'))
      const reference = new FairReference()
      try {
        for (const each of steps) {
          if (each.do === 'submit') {
            const weight = weights[each.tenant] ?? 1
            const { id } = await job(run, each.tenant, each.cost, weight)
            const expected = reference.submit(id, each.tenant, each.cost, weight)
            expect(Number(await run.redis.hget(`${run.prefix}job:${id}`, 'tag'))).toBeCloseTo(expected.tag, 9)
          } else if (each.do === 'start') {
            const tags = [...reference.waiting.values()].map(({ tag }) => tag)
            const id = await startNext(run)
            if (id === null) {
              expect(reference.waiting.size).toBe(0)
              continue
            }
            // BullMQ's priorities are whole numbers, sixteen to a megapixel-step or as few as the last mapping left.
            const scale = Number((await run.redis.hget(`${run.prefix}fair:map:still-life`, 'scale')) ?? 16)
            expect(reference.waiting.get(id)?.tag).toBeLessThan(Math.min(...tags) + 1 / scale)
            reference.start(id)
            expect(Number(await run.redis.get(`${run.prefix}fair:v`))).toBeCloseTo(reference.virtualTime, 9)
          } else {
            const waiting = [...reference.waiting.values()]
            const canceled = waiting[each.pick % Math.max(1, waiting.length)]
            if (canceled === undefined) continue
            await run.jobs.requestCancel(canceled.tenant, canceled.id)
            reference.cancel(canceled.id)
          }
        }
      } finally {
        await run.close()
      }
    }),
    { numRuns: 40 },
  )
}, 60_000)

test('a job that never ran is not charged, by its weight', async () => {
  await job(state, 'a', 30, 3)
  const canceled = await job(state, 'a', 30, 3)
  await state.jobs.requestCancel('a', canceled.id)
  const { id } = await job(state, 'a', 30, 3)
  expect(Number(await state.redis.hget(`${state.prefix}job:${id}`, 'tag'))).toBe(10)
})

test('a newcomer goes before the backlog of a heavy tenant', async () => {
  for (let i = 0; i < 100; i++) await job(state, 'heavy', 10)
  const running = await startNext(state)
  const single = await job(state, 'light', 10)
  expect(await state.jobs.standing(single)).toMatchObject({ queuePosition: 0 })
  expect(await startNext(state)).toBe(single.id)
  await end(state, running ?? '')
})

async function sharesOfWork(
  count: number,
  tenants: { name: string; cost: number; weight: number }[],
): Promise<number[]> {
  const owner = new Map<string, number>()
  for (const [index, { name, cost, weight }] of tenants.entries()) {
    for (let i = 0; i < count; i++) owner.set((await job(state, name, cost, weight)).id, index)
  }
  const work = tenants.map(() => 0)
  // While everybody still has a backlog.
  const left = tenants.map(() => count)
  while (left.every((jobs) => jobs > 0)) {
    const index = owner.get((await startNext(state)) ?? '') ?? 0
    work[index] = (work[index] ?? 0) + (tenants[index]?.cost ?? 0)
    left[index] = (left[index] ?? 0) - 1
  }
  const total = work.reduce((sum, one) => sum + one, 0)
  return work.map((one) => one / total)
}

test('weights 1:3 share the work 25:75', async () => {
  const [first = 0] = await sharesOfWork(150, [
    { name: 'a', cost: 6, weight: 1 },
    { name: 'b', cost: 6, weight: 3 },
  ])
  expect(first).toBeGreaterThan(0.23)
  expect(first).toBeLessThan(0.27)
})

test('neither large nor small jobs are starved', async () => {
  const [large = 0] = await sharesOfWork(120, [
    { name: 'large', cost: 60, weight: 1 },
    { name: 'small', cost: 2, weight: 1 },
  ])
  expect(large).toBeGreaterThan(0.35)
  expect(large).toBeLessThan(0.65)
})

test('priorities stay below the limit of BullMQ, and the order holds when they are mapped anew', async () => {
  const ids: string[] = []
  for (const cost of [100, 50_000, 300, 90_000, 1_000_000, 5_000_000, 20_000_000, 7, 8])
    ids.push((await job(state, 'heavy', cost)).id)
  const newcomer = await job(state, 'light', 5)
  const queue = `${state.prefix}queue:still-life:`
  for (const id of [...ids, newcomer.id]) {
    const priority = Number(await state.redis.hget(queue + id, 'priority'))
    expect(priority).toBeGreaterThanOrEqual(1)
    expect(priority).toBeLessThan(2 ** 21)
    expect(Math.floor(Number(await state.redis.zscore(`${queue}prioritized`, id)) / 2 ** 32)).toBe(priority)
  }
  const order = [await startNext(state), await startNext(state)]
  expect(new Set(order)).toEqual(new Set([ids[0], newcomer.id]))
  for (const id of ids.slice(1)) expect(await startNext(state)).toBe(id)
})

test('a queue that is mapped anew counts from the virtual time, whatever waits in it', async () => {
  for (const cost of [10_000_000, 100_000]) {
    await job(state, 'heavy', cost)
    await startNext(state)
  }
  const ids: string[] = []
  for (const cost of [1_400_000, 60_000_000, 1, 1]) ids.push((await job(state, 'heavy', cost)).id)
  ids.push((await job(state, 'light', 1)).id)
  const priorities = await Promise.all(
    ids.map((id) => state.redis.hget(`${state.prefix}queue:still-life:${id}`, 'priority')),
  )
  // From the virtual time, 10⁷, the tags are 0.1, 1.5, 61.5, 61.5 (and one) and 0 million away: a scale of 2⁻⁷.
  expect(priorities.map(Number)).toEqual([782, 11_719, 480_469, 480_469, 1])
})

test('a job that comes back after a re-mapping has its old place', async () => {
  const ids: string[] = []
  for (let i = 0; i < 4; i++) ids.push((await job(state, 'heavy', 40_000)).id)
  const queue = `${state.prefix}queue:still-life:`
  const priority = async (id: string) => Number(await state.redis.hget(queue + id, 'priority'))
  const third = ids[2] ?? ''
  const before = await priority(third)
  await state.jobs.start(third, 'w')
  await job(state, 'giant', 9_000_000)
  await job(state, 'giant', 9_000_000)
  expect(await priority(third)).toBe(before)
  await state.jobs.release(third, 1)
  const mapped = await Promise.all(ids.map(priority))
  expect(mapped).toEqual(mapped.toSorted((a, b) => a - b))
  expect(mapped[2]).toBeLessThan(before)
})

test('newcomers keep their order before a backlog that lies far ahead of the virtual time', async () => {
  const parameters = { ...testRequest().parameters, width: 1000, height: 1000, steps_run: 200_000 }
  await submit(state, { tenant: 'heavy', model: 'other', parameters })
  const backlog = [await job(state, 'heavy', 90_000), await job(state, 'heavy', 90_000)]
  const many = [await job(state, 'many', 100), await job(state, 'many', 100), await job(state, 'many', 100)]
  const one = await job(state, 'one', 100)
  const expected = [many[0], one, many[1], many[2], ...backlog].map((each) => each?.id)
  const order: (string | null)[] = []
  for (const _ of expected) order.push(await startNext(state))
  expect(order).toEqual(expected)
})

test('tags survive a restart of Redis', async () => {
  const redis = await startTestRedis()
  try {
    const first = await openTestState(redis.url, 'restart')
    for (let i = 0; i < 5; i++) await job(first, 'heavy', 100)
    await startNext(first)
    await startNext(first)
    await redis.kill('SIGTERM')
    await first.close()
    await redis.start()
    const second = await openTestState(redis.url, 'restart')
    expect(await second.redis.get(`${second.prefix}fair:v`)).toBe('100')
    const { id } = await job(second, 'light', 1)
    expect(Number(await second.redis.hget(`${second.prefix}job:${id}`, 'tag'))).toBe(100)
    expect(await startNext(second)).toBe(id)
    await second.close()
  } finally {
    await redis.close()
  }
})
