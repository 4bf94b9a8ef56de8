import { expect, test } from 'vitest'
import { testRequest } from '../testing/state.ts'
import { jobCost } from './cost.ts'

test('cost is megapixels times images times steps run; no steps count as one', () => {
  const { parameters } = testRequest()
  expect(jobCost({ ...parameters, width: 1000, height: 500, num_images: 2, steps_run: 10 })).toBe(10)
  expect(jobCost({ ...parameters, width: 1000, height: 500, num_images: 2, steps_run: 0 })).toBe(1)
})
