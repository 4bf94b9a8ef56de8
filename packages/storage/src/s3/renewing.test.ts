import { expect, it } from 'vitest'
import { renewing, type Temporary } from './renewing.ts'

const hour = 3_600_000

/** Keys that are numbered, each good for an hour of a clock that stands still unless it is moved. */
function start() {
  const clock = { now: 0 }
  const asked: ((answer: Temporary | Error) => void)[] = []
  const keys = renewing(
    () =>
      new Promise((resolve, reject) => {
        asked.push((answer) => (answer instanceof Error ? reject(answer) : resolve(answer)))
      }),
    () => clock.now,
  )
  const give = (id: string) =>
    asked.at(-1)?.({ keys: { accessKeyId: id, secretAccessKey: 's' }, endsAt: clock.now + hour })
  const fail = () => asked.at(-1)?.(new Error('away'))
  return { clock, asked, keys, give, fail }
}

it('asks once for all that wait, and keeps what it got', async () => {
  const { asked, keys, give } = start()
  const both = Promise.all([keys(), keys()])
  give('a')
  expect((await both).map(({ accessKeyId }) => accessKeyId)).toEqual(['a', 'a'])
  expect((await keys()).accessKeyId).toBe('a')
  expect(asked).toHaveLength(1)
})

it('asks again before the end, while the old keys are still used', async () => {
  const { clock, asked, keys, give } = start()
  const first = keys()
  give('a')
  await first
  clock.now = hour - 4 * 60_000
  expect((await keys()).accessKeyId).toBe('a')
  expect((await keys()).accessKeyId).toBe('a')
  expect(asked).toHaveLength(2)
  give('b')
  await Promise.resolve()
  expect((await keys()).accessKeyId).toBe('b')
})

it('goes on with keys that hold when new ones are refused, and fails when they end', async () => {
  const { clock, asked, keys, give, fail } = start()
  const first = keys()
  give('a')
  await first
  clock.now = hour - 60_000
  await keys()
  fail()
  await new Promise((resolve) => setImmediate(resolve))
  expect((await keys()).accessKeyId).toBe('a')
  // Not at once again.
  expect(asked).toHaveLength(2)
  clock.now += 10_000
  await keys()
  expect(asked).toHaveLength(3)
  fail()
  await new Promise((resolve) => setImmediate(resolve))
  clock.now = hour
  const late = keys()
  fail()
  await expect(late).rejects.toThrow('away')
  const next = keys()
  give('b')
  expect((await next).accessKeyId).toBe('b')
})
