import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { createTurns, TurnTimeout } from './turns.ts'

/** Tasks that note when they begin and end when they are told to. */
function tasks(slots: number) {
  const withTurn = createTurns(slots)
  const begun: string[] = []
  const open: (() => void)[] = []
  const start = (name: string, owner?: string, signal?: AbortSignal) =>
    withTurn(
      () => {
        begun.push(name)
        return new Promise<void>((resolve) => open.push(resolve))
      },
      { ...(owner !== undefined && { owner }), ...(signal && { signal }) },
    )
  const endOldest = async () => {
    open.shift()?.()
    await sleep(0)
  }
  return { begun, start, endOldest }
}

it('runs at most as many tasks as it has slots, in order, and frees the slot of a task that throws', async () => {
  const withTurn = createTurns(2)
  const started: number[] = []
  let running = 0
  let most = 0
  const task = (n: number) =>
    withTurn(async () => {
      started.push(n)
      most = Math.max(most, ++running)
      await sleep(2)
      running--
      if (n % 3 === 0) throw new Error(`task ${n}`)
      return n
    })
  const results = await Promise.allSettled(Array.from({ length: 9 }, (_, n) => task(n)))
  expect(started).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8])
  expect(most).toBe(2)
  expect(results.filter(({ status }) => status === 'rejected')).toHaveLength(3)
})

it('begins a newcomer at once, and gives every owner its turn, however much one has waiting', async () => {
  const { begun, start, endOldest } = tasks(2)
  for (let n = 1; n <= 6; n++) void start(`a${n}`, 'a')
  await sleep(0)
  expect(begun).toEqual(['a1', 'a2'])
  void start('b1', 'b')
  void start('b2', 'b')
  void start('c1', 'c')
  await sleep(0)
  expect(begun).toEqual(['a1', 'a2', 'b1'])
  for (let n = 0; n < 8; n++) await endOldest()
  // Always the owner that has the fewest under way.
  expect(begun).toEqual(['a1', 'a2', 'b1', 'c1', 'a3', 'b2', 'a4', 'a5', 'a6'])
})

it('gives an owner one slot at a time while others come', async () => {
  const { begun, start, endOldest } = tasks(2)
  void start('b1', 'b')
  await sleep(0)
  await endOldest()
  for (let n = 1; n <= 3; n++) void start(`a${n}`, 'a')
  await sleep(0)
  expect(begun).toEqual(['b1', 'a1'])
  await endOldest()
  expect(begun).toEqual(['b1', 'a1', 'a2'])
})

it('drops a task that nobody wants any more, and does not begin one that nobody wanted', async () => {
  const { begun, start, endOldest } = tasks(1)
  const gone = new AbortController()
  void start('first')
  const dropped = start('second', undefined, gone.signal)
  const third = start('third')
  gone.abort(new Error('left'))
  await expect(dropped).rejects.toThrow('left')
  await expect(start('fourth', 'other', gone.signal)).rejects.toThrow('left')
  await endOldest()
  await endOldest()
  await third
  expect(begun).toEqual(['first', 'third'])
})

it('gives up a task whose turn does not come in time, and no other', async () => {
  const withTurn = createTurns(1)
  const { promise, resolve: endFirst } = Promise.withResolvers<void>()
  const first = withTurn(() => promise, { owner: 'a', patienceMs: 1 })
  const second = withTurn(async () => 'second', { owner: 'a', patienceMs: 10 })
  const third = withTurn(async () => 'third', { owner: 'a' })
  await expect(second).rejects.toThrow(TurnTimeout)
  endFirst()
  await first
  await expect(third).resolves.toBe('third')
})
