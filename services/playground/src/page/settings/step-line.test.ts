import { describe, expect, it } from 'vitest'
import { stepLine } from './step-line.ts'

const line = (steps: string, strength: string, semantics = 'a1111', step_policy = 'proportional') =>
  stepLine({ steps, strength, semantics, step_policy })

describe('stepLine', () => {
  it.each([
    ['25', '0.75', 'a1111', 'proportional', '19 of 25 steps will run'],
    ['25', '0.75', 'diffusers', 'proportional', '18 of 25 steps will run'],
    ['25', '1', 'a1111', 'proportional', 'All 25 steps will run'],
    ['25', '0.3', 'a1111', 'exact', 'All 25 steps will run'],
    ['25', '0', 'a1111', 'proportional', 'No step will run: the picture stays as it is'],
    ['4', '0.2', 'diffusers', 'proportional', 'Too few steps: none would run'],
  ])('%s steps at strength %s, %s, %s: %s', (steps, strength, semantics, policy, text) => {
    expect(line(steps, strength, semantics, policy)).toBe(text)
  })

  it('says nothing of values that the api would refuse', () => {
    for (const [steps, strength] of [
      ['', '1'],
      ['2.5', '1'],
      ['0', '1'],
      ['20', ''],
      ['20', '1.5'],
      ['x', '1'],
    ])
      expect(line(steps!, strength!)).toBe('')
  })
})
