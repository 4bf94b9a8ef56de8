import { expect, it } from 'vitest'
import { runChaos } from './chaos.ts'
import { isKept, report } from './report.ts'

/**
 * Until every fault has happened once. Shortened locks: an interrupted job is back within lock + 2 × stalled interval +
 * start of the engine.
 */
it('loses nothing, doubles nothing and forgets no webhook while everything breaks', async () => {
  const notes: string[] = []
  const result = await runChaos({
    until: { minutes: 0.5 },
    lockSeconds: 2,
    stalledSeconds: 1,
    slots: 1,
    clients: 2,
    // Before the test's own limit, so that everything that was started is stopped even then.
    signal: AbortSignal.timeout(225_000),
    onNote: (line) => notes.push(line),
  })
  const told = notes.join('\n')
  expect(result.accepted, told).toBeGreaterThan(10)
  expect(result.waits.length + result.stuck.length, told).toBeGreaterThan(0)
  expect(isKept(result), `${told}\n${report(result)}`).toBe(true)
  expect(Math.max(0, ...result.waits.map(({ ms }) => ms)), `${told}\n${report(result)}`).toBeLessThanOrEqual(8000)
}, 240_000)
