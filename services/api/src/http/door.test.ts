import type { Socket } from 'node:net'
import { setImmediate as pass } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createDoor } from './door.ts'

/** Numbers from 1 on in place of connections: nothing is done with them here. */
function start() {
  const within: unknown[] = []
  const come = createDoor((socket) => within.push(socket))
  return { within, come: (n: number) => come(n as unknown as Socket) }
}

test('who comes alone behind many comes in next', async () => {
  const { within, come } = start()
  for (let n = 1; n <= 1000; n++) come(n)
  await pass()
  come(1001)
  await pass()
  await pass()
  expect(within).toContain(1001)
  expect(within.length).toBeLessThan(40)
})

test('all come in, the longest waiting among the first while others come and come', async () => {
  const { within, come } = start()
  for (let n = 0; n < 300; n++) {
    for (let k = 1; k <= 4; k++) come(4 * n + k)
    await pass()
  }
  expect(within).toEqual(expect.arrayContaining(Array.from({ length: 100 }, (_, n) => n + 1)))
  for (let i = 0; i < 200; i++) await pass()
  expect(new Set(within)).toEqual(new Set(Array.from({ length: 1200 }, (_, n) => n + 1)))
})

test('no more than so many wait', async () => {
  const { within, come } = start()
  for (let n = 1; n <= 10_000; n++) come(n)
  await pass()
  expect(within.length).toBeGreaterThanOrEqual(10_000 - 2048)
})
