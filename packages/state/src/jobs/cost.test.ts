import { expect, test } from 'vitest'
import { testRequest } from '../testing/state.ts'
import { jobCost, resultBytes } from './cost.ts'

const { parameters } = testRequest()
const small = { ...parameters, width: 1000, height: 500, num_images: 2 }
const source = { role: 'source', width: 4000, height: 4000 } as const
const inputs = [source, { role: 'mask', width: 2000, height: 2000 } as const]
const inpaint = { ...small, steps_run: 0, mask_blur: 0, inpaint_area: 'whole' } as Parameters<
  typeof jobCost
>[0]['parameters']

test('cost is megapixels times images times steps run; no steps count as one', () => {
  expect(jobCost({ parameters: { ...small, steps_run: 10 }, inputs: [] })).toBe(10)
  expect(jobCost({ parameters: { ...small, steps_run: 0 }, inputs: [] })).toBe(1)
  const joined = { ...small, steps_run: 10, prompt: 'a AND b AND c' }
  expect(jobCost({ parameters: joined, inputs: [] })).toBe(20)
  expect(jobCost({ parameters: { ...joined, semantics: 'diffusers' }, inputs: [] })).toBe(10)
})

test('inputs cost by their own size, whatever is painted; masks more, by how much is done with them', () => {
  const cost = (changes: object) => jobCost({ parameters: { ...inpaint, ...changes }, inputs })
  expect(jobCost({ parameters: { ...small, steps_run: 0 }, inputs: [source] })).toBe(17)
  expect(jobCost({ parameters: { ...small, steps_run: 0, resize_mode: 'latent' }, inputs })).toBe(37)
  expect(cost({})).toBe(1 + 20 + 32)
  expect(cost({ mask_blur: 64 })).toBe(1 + 20 + 160)
  expect(cost({ inpaint_area: 'masked' })).toBe(1 + 20 + 288)
})

test('room for results is that of their pixels, at the size that they will have', () => {
  expect(resultBytes({ parameters: small, inputs })).toBe(3e6)
  expect(resultBytes({ parameters: { ...inpaint, inpaint_area: 'masked' } as typeof inpaint, inputs })).toBe(96e6)
})

test('a picture that is extended is worked on, and takes room, at the size of its canvas', () => {
  const grown = { extend_left: 1000, extend_top: 0, extend_right: 0, extend_bottom: 1000 }
  const cost = (changes: object) => jobCost({ parameters: { ...inpaint, ...changes }, inputs })
  expect(cost(grown)).toBe(1 + 20 + 2 * 25)
  expect(cost({ ...grown, inpaint_area: 'masked' })).toBe(1 + 20 + 18 * 25)
  const parameters = { ...inpaint, ...grown, inpaint_area: 'masked' } as typeof inpaint
  expect(resultBytes({ parameters, inputs })).toBe(3 * 2 * 25e6)
})

test('what is done at the larger size counts by it: a second painting, enlarging, and room for the results', () => {
  const cost = (changes: object) => jobCost({ parameters: { ...small, steps_run: 10, ...changes }, inputs: [] })
  const twice = { upscale: 2, upscaler: 'lanczos' }
  expect(cost(twice)).toBe(10 + 8)
  expect(cost({ ...twice, steps_run: 15, hires_steps: 5 })).toBe(10 + 20 + 8)
  expect(cost({ steps_run: 15, hires_steps: 5, hires_strength: 0.5 })).toBe(10 + 5)
  expect(resultBytes({ parameters: { ...small, ...twice }, inputs })).toBe(12e6)
})
