import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { stepsRun } from './steps.ts'

// steps, strength, AUTOMATIC1111's k-diffusion evaluations, diffusers' steps: counted in both projects.
const counted: [number, number, number, number][] = [
  [25, 0.75, 19, 18],
  [25, 1, 25, 25],
  [20, 0.5, 11, 10],
  [20, 0.3, 7, 6],
  [4, 0.5, 3, 2],
  [25, 0.02, 1, 0],
]

describe('stepsRun', () => {
  it.each(counted)(
    'counts %i steps at strength %f as %i (a1111) and %i (diffusers)',
    (steps, strength, a1111, diffusers) => {
      expect(stepsRun('a1111', 'proportional', steps, strength)).toBe(a1111)
      expect(stepsRun('diffusers', 'proportional', steps, strength)).toBe(diffusers)
      expect(stepsRun('a1111', 'exact', steps, strength)).toBe(steps)
    },
  )

  it('never calls the denoiser at strength 0, never runs more than asked, and never shrinks with strength', () => {
    const steps = fc.integer({ min: 1, max: 150 })
    const strength = fc.double({ min: 0, max: 1, noNaN: true })
    fc.assert(
      fc.property(
        fc.constantFrom('a1111', 'diffusers'),
        fc.constantFrom('proportional', 'exact'),
        steps,
        strength,
        strength,
        (semantics, policy, n, a, b) => {
          const [low, high] = a < b ? [a, b] : [b, a]
          expect(stepsRun(semantics, policy, n, 0)).toBe(0)
          expect(stepsRun(semantics, policy, n, high)).toBeLessThanOrEqual(n)
          expect(stepsRun(semantics, policy, n, high)).toBeGreaterThanOrEqual(stepsRun(semantics, policy, n, low))
          expect(stepsRun(semantics, policy, n, 1)).toBe(n)
        },
      ),
    )
  })
})
