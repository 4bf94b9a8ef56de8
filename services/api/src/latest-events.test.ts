import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { latestEvents } from './latest-events.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }))
afterEach(() => void vi.useRealTimers())

const progress = (step: number) => ({ phase: 'denoising' as const, step, steps: 100, percent: step })

it('shows every picture in turn however fast previews come, and the newest of each', () => {
  const shown: { at: number; event: string; data: object }[] = []
  const start = performance.now()
  const stream = {
    offer: (event: { event: string; data: object }) => shown.push({ ...event, at: performance.now() - start }),
  }
  const latest = latestEvents(stream, () => true)
  for (let step = 0; step < 100; step++) {
    latest.progress(progress(step))
    latest.preview(step % 4, { index: step % 4, step })
    vi.advanceTimersByTime(50)
  }
  vi.advanceTimersByTime(2000)
  const previews = shown
    .filter(({ event }) => event === 'preview')
    .map(({ data }) => data as { index: number; step: number })
  const turns = [0, 1, 2, 3].map((index) => previews.filter((preview) => preview.index === index))
  for (const turn of turns) expect(turn.length).toBeGreaterThanOrEqual(4)
  expect(turns.map((turn) => turn.at(-1)?.step)).toEqual([96, 97, 98, 99])
  const steps = shown.filter(({ event }) => event === 'progress').map(({ data }) => (data as { step: number }).step)
  expect(steps.at(-1)).toBe(99)
  const times = [...new Set(shown.map(({ at }) => at))]
  for (const [i, at] of times.entries()) if (i > 0) expect(at - (times[i - 1] ?? 0)).toBeGreaterThanOrEqual(250)
})

it('holds everything back until the job itself was shown, and ends', () => {
  const shown: string[] = []
  let mayBegin = false
  const latest = latestEvents({ offer: ({ event }) => void shown.push(event) }, () => mayBegin)
  latest.preview(0, {})
  vi.advanceTimersByTime(1000)
  expect(shown).toEqual([])
  mayBegin = true
  latest.progress(progress(1))
  vi.advanceTimersByTime(1000)
  expect(shown).toEqual(['progress', 'preview'])
  latest.progress(progress(2))
  latest.end()
  vi.advanceTimersByTime(1000)
  expect(shown).toHaveLength(2)
})
