import { expect, it } from 'vitest'
import type { KnownModel } from '../../submit/find-model.ts'
import { controlTypes } from './control-models.ts'

const control = { kind: 'controlnet', alias: null, family: 'sdxl', unfit: {} }
const model = {
  id: 'm',
  family: 'sdxl',
  layout: 'file',
  adapters: [
    { ...control, name: 'depth' },
    { ...control, name: 'union', control_types: ['openpose', 'lineart'] },
  ],
} as unknown as KnownModel

it('names a union under what it can be given, and all where nothing is for that', () => {
  const types = controlTypes([model])
  expect(types.Canny).toMatchObject({ model_list: ['None', 'union'], default_model: 'union' })
  expect(types.Inpaint).toMatchObject({ model_list: ['None', 'depth', 'union'], default_model: 'None' })
})
