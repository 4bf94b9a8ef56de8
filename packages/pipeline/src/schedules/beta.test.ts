import { expect, test } from 'vitest'
import { symmetricBetaQuantile } from './beta.ts'

test('quantiles of distributions known in closed form', () => {
  for (let p = 0; p <= 1; p += 0.05) {
    expect(symmetricBetaQuantile(p, 1)).toBeCloseTo(p, 12)
    // Beta(½, ½) is the arcsine distribution.
    expect(symmetricBetaQuantile(p, 0.5)).toBeCloseTo(Math.sin((p * Math.PI) / 2) ** 2, 12)
  }
})

test('mirrors around one half', () => {
  for (const p of [1e-6, 0.1, 0.4]) {
    expect(symmetricBetaQuantile(p, 0.6) + symmetricBetaQuantile(1 - p, 0.6)).toBeCloseTo(1, 12)
  }
  expect(symmetricBetaQuantile(0.5, 0.6)).toBeCloseTo(0.5, 12)
})
