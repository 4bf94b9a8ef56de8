import type { JobError } from '@pentimento/contracts'
import * as fc from 'fast-check'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { live, newLife, type Step } from '../testing/life-model.ts'
import { openTestState, submit, succeeded } from '../testing/state.ts'

let state: Awaited<ReturnType<typeof openTestState>>
beforeAll(async () => {
  state = await openTestState(inject('redisUrl'))
})
afterAll(() => state.close())

const error: JobError = { code: 'engine_crashed', message: 'The engine crashed.', retryable: true }
const progress = { phase: 'denoising', step: 1, steps: 2, percent: 50 } as const

async function take(id: string, step: Step): Promise<unknown> {
  const { jobs } = state
  switch (step.do) {
    case 'start':
      return (await jobs.start(id, 'w')).outcome
    case 'progress':
      return (await jobs.progress(id, step.attempt, progress)).stop
    case 'succeed':
      return jobs.finish(id, succeeded(step.attempt))
    case 'fail':
      return jobs.finish(id, { ...succeeded(step.attempt), status: 'failed', images: [], error })
    case 'release':
      return jobs.release(id, step.attempt)
    case 'crash':
      return jobs.crashed(id, step.attempt, error)
    case 'cancel':
      return (await jobs.requestCancel('default', id)).outcome
    case 'lose':
      // No consumer took the work item, so nothing holds its lock.
      await state.redis.zadd(`${state.prefix}live`, 'XX', 0, id)
      await state.jobs.sweep.lost()
      return undefined
    case 'late':
      await state.redis.zadd(`${state.prefix}deadlines`, 'XX', 1, id)
      await state.jobs.sweep.deadlines()
      return undefined
    case 'delete':
      return (await jobs.erase('default', id)).outcome
  }
}

const attempt = fc.integer({ min: 1, max: 3 })
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.constant<Step>({ do: 'start' }) },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constantFrom('progress', 'release', 'crash', 'release', 'succeed', 'fail', 'succeed'),
      attempt,
    }) as fc.Arbitrary<Step>,
  },
  { weight: 2, arbitrary: fc.constant<Step>({ do: 'cancel' }) },
  { weight: 1, arbitrary: fc.constant<Step>({ do: 'delete' }) },
  { weight: 1, arbitrary: fc.constantFrom<Step>({ do: 'late' }, { do: 'fail', attempt: 0 }) },
  { weight: 2, arbitrary: fc.constant<Step>({ do: 'lose' }) },
)

/** Ways that random steps take too seldom to be sure of. */
const start: Step = { do: 'start' }
const rare: Step[][] = [
  [start, { do: 'release', attempt: 1 }, { do: 'succeed', attempt: 1 }],
  [start, { do: 'crash', attempt: 1 }, start, { do: 'crash', attempt: 2 }],
  [start, { do: 'lose' }, start, { do: 'lose' }],
  [start, { do: 'cancel' }, { do: 'lose' }],
  [start, { do: 'cancel' }, { do: 'release', attempt: 1 }],
  [start, start, start],
  [{ do: 'fail', attempt: 0 }],
  [{ do: 'late' }],
]

test('a job lives as the model says, whatever comes in whatever order', async () => {
  const reached = new Set<string>()
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 15 }), async (steps) => {
      const { id } = await submit(state)
      const life = newLife()
      for (const each of steps) {
        const before = life.status
        const answer = live(life, each)
        const given = await take(id, each)
        if (each.do !== 'release') expect(given, JSON.stringify(each)).toEqual(answer)
        const found = await state.jobs.get('default', id)
        if (life.status === 'deleted') expect(found).toEqual({ gone: 'deleted' })
        else {
          const { status, attempt, crashes } = life
          expect(found).toMatchObject({ status, attempt, crashes })
          if (life.winner !== null) expect(found).toMatchObject({ result: { attempt: life.winner } })
        }
        reached.add(`${each.do} ${life.status}`)
        reached.add(`${before} ${life.status}`)
      }
    }),
    { numRuns: 300, examples: rare.map((steps): [Step[]] => [steps]) },
  )
  for (const end of [
    'succeed succeeded',
    'fail failed',
    'crash failed',
    'start failed',
    'cancel canceled',
    'release canceled',
    'lose failed',
    'lose canceled',
    'late expired',
    'queued failed',
    'queued succeeded',
    'delete deleted',
  ]) {
    expect(reached).toContain(end)
  }
  await expectNoTraces()
})

/** Whatever has ended is in no index of what has not. */
async function expectNoTraces(): Promise<void> {
  const { redis, prefix } = state
  const open = await redis.smembers(`${prefix}open:default`)
  for (const id of open) expect(await redis.hget(`${prefix}job:${id}`, 'status')).toMatch(/queued|processing/)
  const waiting = await redis.smembers(`${prefix}queued:default`)
  for (const id of waiting) expect(await redis.hget(`${prefix}job:${id}`, 'status')).toBe('queued')
  const byModel = await redis.zrange(`${prefix}waiting:still-life`, '0', '-1')
  const byDeadline = await redis.zrange(`${prefix}deadlines`, '0', '-1')
  const live = await redis.zrange(`${prefix}live`, '0', '-1')
  expect(byModel.toSorted()).toEqual(waiting.toSorted())
  expect(byDeadline.toSorted()).toEqual(waiting.toSorted())
  expect(live.toSorted()).toEqual(open.toSorted())
}
