import { fallbackDefaults, inpaintFields, resolveInpaintParameters } from '@pentimento/contracts'
import { expect, it } from 'vitest'
import { formFields } from '../runs/form-fields.ts'
import { settingsOfJob } from './settings-of-job.ts'

const model = {
  family: 'sd1' as const,
  native_size: 512,
  sizes: { min: 64, max: 2048, multiple: 8 },
  defaults: fallbackDefaults,
  unsupported: [],
}

it('brings the settings back that a job was made of', () => {
  const asked = { prompt: 'a pear', strength: 0.4, mask_blur: 9, extend_left: 64, seed: 5, semantics: 'diffusers' }
  const resolved = resolveInpaintParameters(inpaintFields.parse(asked), model, { width: 512, height: 512 }, false)
  if (!resolved.ok) throw new Error(JSON.stringify(resolved.issues))
  const { parameters } = resolved
  const settings = settingsOfJob({ model: 'still-life', parameters })
  expect(settings).toMatchObject({ control_model: '', control_preprocessor: 'none', reference_model: '' })
  expect(settings).toMatchObject({ model: 'still-life', prompt: 'a pear', mask_padding: '32', loras: '', seed: '5' })
  const sent = inpaintFields.parse(Object.fromEntries(formFields('inpaint', settings)))
  const again = resolveInpaintParameters(sent, model, { width: 512, height: 512 }, false)
  expect(again.ok && again.parameters).toMatchObject({ ...asked, width: parameters.width, height: parameters.height })
})
