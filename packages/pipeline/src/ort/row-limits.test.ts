import { expect, test } from 'vitest'
import { rowLimits } from './row-limits.ts'

/** Of an H200, which takes 7 % less time for a row in calls of 16 than in calls of 8. */
const times = { 2: 8.4, 4: 12.6, 6: 17, 8: 21.4, 12: 30.6, 16: 39.8 }

function measured() {
  const limits = rowLimits({ maxRows: 16, slowdown: 2 })
  for (const [size, ms] of Object.entries(times)) for (let i = 0; i < 4; i++) limits.note(Number(size), ms)
  return limits
}

test('the largest calls stay where other programs hold most of them up', () => {
  const limits = measured()
  for (let i = 0; i < 300; i++) {
    limits.note(16, times[16] * (i % 15 === 0 ? 1 : 1.2))
    expect(limits.choose(16)).toEqual({ rows: 16, size: 16 })
  }
})

test('a size that has become slow for good is given up', () => {
  const limits = measured()
  for (let i = 0; i < 16; i++) limits.note(16, times[16] * 1.2)
  expect(limits.choose(16)).toEqual({ rows: 12, size: 12 })
})
