import { describe, expect, it } from 'vitest'
import { secondsLeft, timeWords } from './time-left.ts'

describe('secondsLeft', () => {
  it('goes on at the pace seen so far', () => {
    expect(secondsLeft({ step: 2, at: 1000 }, { step: 6, at: 3000 }, 20)).toBe(7)
    expect(secondsLeft({ step: 2, at: 1000 }, { step: 20, at: 10_000 }, 20)).toBe(0)
  })

  it('knows nothing from one step', () => {
    expect(secondsLeft({ step: 2, at: 1000 }, { step: 2, at: 3000 }, 20)).toBeNull()
  })
})

describe('timeWords', () => {
  it.each([
    [0.4, 'a moment'],
    [12.4, '12 s'],
    [89, '89 s'],
    [200, '3 min'],
  ])('%f is %s', (seconds, words) => {
    expect(timeWords(seconds)).toBe(words)
  })
})
