import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { planSteps, semanticsNames, stepPolicies, stepsRun } from './steps.ts'

// steps, strength, AUTOMATIC1111's k-diffusion evaluations, diffusers' steps, counted in both projects; and the length
// of an exact schedule.
const counted: [number, number, number, number, number][] = [
  [25, 0.75, 19, 18, 33],
  [25, 1, 25, 25, 25],
  [20, 0.5, 11, 10, 40],
  [20, 0.3, 7, 6, 66],
  [4, 0.5, 3, 2, 8],
  [25, 0.02, 1, 0, 1250],
  [25, 0, 0, 0, 25],
]

describe('the steps of a run', () => {
  it.each(counted)(
    '%i at strength %f are %i (a1111) and %i (diffusers)',
    (steps, strength, a1111, diffusers, exact) => {
      expect(stepsRun('a1111', 'proportional', steps, strength)).toBe(a1111)
      expect(stepsRun('diffusers', 'proportional', steps, strength)).toBe(diffusers)
      expect(planSteps('a1111', 'exact', steps, strength)).toEqual({
        scheduleSteps: exact,
        stepsRun: strength === 0 ? 0 : steps,
      })
    },
  )

  it('are part of the schedule, none at strength 0, never more than asked, and never fewer at a higher strength', () => {
    const steps = fc.integer({ min: 1, max: 150 })
    const strength = fc.double({ min: 0, max: 1, noNaN: true })
    fc.assert(
      fc.property(
        fc.constantFrom(...semanticsNames),
        fc.constantFrom(...stepPolicies),
        steps,
        strength,
        strength,
        (semantics, policy, n, a, b) => {
          const [low, high] = a < b ? [a, b] : [b, a]
          const plan = planSteps(semantics, policy, n, high)
          expect(plan.stepsRun).toBeLessThanOrEqual(plan.scheduleSteps)
          expect(plan.stepsRun).toBeLessThanOrEqual(n)
          expect(plan.stepsRun).toBeGreaterThanOrEqual(stepsRun(semantics, policy, n, low))
          expect(stepsRun(semantics, policy, n, 0)).toBe(0)
          expect(stepsRun(semantics, policy, n, 1)).toBe(n)
        },
      ),
    )
  })
})
