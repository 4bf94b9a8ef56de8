import { setImmediate as nextPass } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { connectionCame, inTurn } from './loop-turns.ts'

/** Waits its turn, and then keeps the event loop for so long. */
function take(asker: string, busyMs: number): Promise<void> {
  return new Promise((resolve) =>
    inTurn(asker, () => {
      const end = performance.now() + busyMs
      while (performance.now() < end);
      resolve()
    }),
  )
}

test('who asks for much waits for itself, and another one is begun next', async () => {
  const begun: string[] = []
  const all = ['many', 'many', 'many', 'one', 'many'].map((asker) => take(asker, 0).then(() => begun.push(asker)))
  await Promise.all(all)
  expect(begun).toEqual(['many', 'one', 'many', 'many', 'many'])
})

test('however much waits, a pass of the event loop begins a few milliseconds of it, with what follows from it', async () => {
  const afterwards = async () => {
    await take('many', 0)
    const end = performance.now() + 1
    while (performance.now() < end);
  }
  const all = Promise.all(Array.from({ length: 200 }, afterwards))
  let passes = 0
  let over = false
  void all.then(() => {
    over = true
  })
  while (!over) {
    passes++
    await nextPass()
  }
  expect(passes).toBeGreaterThan(200 / 10)
})

test('passes that bring connections begin next to nothing, so that all at the door come in first', async () => {
  let begun = 0
  const all = Array.from({ length: 300 }, () => take('many', 0.2).then(() => begun++))
  const began = performance.now()
  let came = 0
  for (; came < 100; came++) {
    connectionCame()
    await nextPass()
  }
  expect(begun).toBeLessThanOrEqual((performance.now() - began) / 2 + 2)
  expect(begun).toBeGreaterThan(0)
  await Promise.all(all)
})
