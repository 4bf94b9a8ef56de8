import { setTimeout as sleep } from 'node:timers/promises'
import type { Progress } from '@pentimento/contracts'
import { afterEach, expect, it, vi } from 'vitest'
import { reportProgress, toProgress } from './report-progress.ts'

afterEach(() => vi.useRealTimers())

const goOn = { stop: null, previewEvery: 0 } as const

it('counts up from loading to uploading', () => {
  const percents = [
    toProgress({ phase: 'loading', step: 0, steps: 0 }),
    toProgress({ phase: 'encoding', step: 0, steps: 10 }),
    ...[0, 1, 5, 10].map((step) => toProgress({ phase: 'denoising', step, steps: 10 })),
    toProgress({ phase: 'decoding', step: 10, steps: 10 }),
    toProgress({ phase: 'uploading', step: 10, steps: 10 }),
  ].map(({ percent }) => percent)
  expect(percents).toEqual([0, 2, 5, 14, 50, 95, 95, 98])
  expect(toProgress({ phase: 'denoising', step: 0, steps: 0 }).percent).toBe(5)
})

it('sends the first at once, then at most four a second and always the latest', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] })
  const sent: Progress[] = []
  const send = async (progress: Progress) => {
    sent.push(progress)
    return goOn
  }
  const reporter = reportProgress({ send, onAnswer: () => {} })
  for (let step = 1; step <= 100; step++) {
    reporter.note(toProgress({ phase: 'denoising', step, steps: 100 }))
    await vi.advanceTimersByTimeAsync(10)
  }
  await reporter.stop()
  expect(sent[0]?.step).toBe(1)
  expect(sent.length).toBeGreaterThanOrEqual(4)
  expect(sent.length).toBeLessThanOrEqual(5)
  expect(sent.map(({ step }) => step)).toEqual(sent.map(({ step }) => step).toSorted((a, b) => a - b))
})

it('asks once a second while a long step runs', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] })
  const send = vi.fn(async () => goOn)
  const reporter = reportProgress({ send, onAnswer: () => {} })
  reporter.note(toProgress({ phase: 'denoising', step: 1, steps: 2 }))
  await vi.advanceTimersByTimeAsync(3500)
  await reporter.stop()
  expect(send).toHaveBeenCalledTimes(4)
})

it('passes on what the answer says, over failures of others', async () => {
  const answers: unknown[] = []
  let calls = 0
  const reporter = reportProgress({
    intervalMs: 5,
    idleMs: 5,
    send: async () => {
      if (++calls === 1) throw new Error('no Redis')
      return { stop: 'cancel', previewEvery: 3 }
    },
    onAnswer: (answer) => answers.push(answer),
  })
  reporter.note(toProgress({ phase: 'encoding', step: 0, steps: 5 }))
  await vi.waitFor(() => expect(answers).toContainEqual({ stop: 'cancel', previewEvery: 3 }))
  await reporter.stop()
})

it('is silent after stop, and waits for what is under way', async () => {
  let finished = false
  const onAnswer = vi.fn()
  const reporter = reportProgress({
    send: async () => {
      await sleep(30)
      finished = true
      return goOn
    },
    onAnswer,
  })
  reporter.note(toProgress({ phase: 'encoding', step: 0, steps: 5 }))
  await reporter.stop()
  expect(finished).toBe(true)
  expect(onAnswer).not.toHaveBeenCalled()
})
