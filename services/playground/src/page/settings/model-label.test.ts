import { expect, it } from 'vitest'
import { modelLabel } from './model-label.ts'

const model = {
  title: 'Mine',
  family: 'sd1',
  layout: 'file',
  purpose: 'generate',
  missing: [],
  available: true,
} as const

it('says what a model is and whether it can be run', () => {
  expect(modelLabel({ ...model, missing: [] })).toBe('Mine – SD 1.x, single file')
  expect(modelLabel({ ...model, missing: [], purpose: 'inpaint', layout: 'onnx', available: false })).toBe(
    'Mine – SD 1.x inpainting, ONNX folder (not served now)',
  )
  expect(modelLabel({ ...model, family: 'sdxl-refiner', purpose: 'refine', missing: ['It has no VAE.'] })).toBe(
    'Mine – SDXL refiner, single file (incomplete)',
  )
  expect(modelLabel({ ...model, family: 'later', missing: [] })).toMatch(/^Mine – later,/)
})
