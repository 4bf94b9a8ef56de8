import { expect, it } from 'vitest'
import { stepClock } from './step-clock.ts'

it('times the steps alone', () => {
  let time = 0
  const seen: number[] = []
  const note = stepClock(
    (seconds) => seen.push(seconds),
    () => time,
  )
  const at = (ms: number, phase: 'encoding' | 'denoising' | 'decoding', step: number) => {
    time = ms
    note({ phase, step, steps: 4 })
  }
  at(0, 'encoding', 0)
  at(500, 'denoising', 0)
  at(700, 'denoising', 1)
  // A message that was missed: its steps share the time.
  at(1300, 'denoising', 3)
  at(1400, 'denoising', 4)
  at(9000, 'decoding', 4)
  expect(seen).toEqual([0.2, 0.3, 0.1])
})
