import fc from 'fast-check'
import { expect, test } from 'vitest'
import { planSteps, stepsRun } from './steps.ts'

test.each([
  [25, 0.75, 19, 18, 33],
  [25, 1, 25, 25, 25],
  [20, 0.5, 11, 10, 40],
  [20, 0.3, 7, 6, 66],
  [4, 0.5, 3, 2, 8],
  [25, 0.02, 1, 0, 1250],
  [25, 0, 0, 0, 25],
])('%i steps at strength %f', (steps, strength, a1111, diffusers, exactSchedule) => {
  expect(stepsRun('a1111', 'proportional', steps, strength)).toBe(a1111)
  expect(stepsRun('diffusers', 'proportional', steps, strength)).toBe(diffusers)
  expect(planSteps('a1111', 'exact', steps, strength)).toEqual({
    scheduleSteps: exactSchedule,
    stepsRun: strength === 0 ? 0 : steps,
  })
})

test('what runs is always a part of the schedule', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('a1111' as const, 'diffusers' as const),
      fc.constantFrom('proportional' as const, 'exact' as const),
      fc.integer({ min: 1, max: 150 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (semantics, policy, steps, strength) => {
        const plan = planSteps(semantics, policy, steps, strength)
        expect(plan.stepsRun).toBeLessThanOrEqual(plan.scheduleSteps)
        expect(plan.stepsRun).toBeLessThanOrEqual(steps)
      },
    ),
  )
})
