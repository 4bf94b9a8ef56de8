import { img2imgFields, inpaintFields, txt2imgFields } from '@pentimento/contracts'
import { describe, expect, it } from 'vitest'
import { apiDefaults, type Settings, settingNames, startSettings } from '../state/settings.ts'
import { formFields } from './form-fields.ts'

const settings: Settings = { ...startSettings, prompt: 'a pear', model: 'still-life' }
const sent = (kind: 'txt2img' | 'img2img' | 'inpaint', changes: Partial<Settings> = {}) =>
  Object.fromEntries(formFields(kind, { ...settings, ...changes }))

describe('formFields', () => {
  it('knows the defaults of the contract', () => {
    const { mask_mode, mask_blur, ...defaults } = apiDefaults
    expect({ mask_mode, mask_blur }).toEqual({ mask_mode: 'white', mask_blur: '4' })
    const contract = inpaintFields.parse({ prompt: '' }) as Record<string, unknown>
    for (const [name, value] of Object.entries(defaults)) expect(String(contract[name]), name).toBe(value)
  })

  it('names only fields of the contract', () => {
    const names: string[] = [...settingNames]
    expect(names.filter((name) => !(name in inpaintFields.shape))).toEqual([])
  })

  it('sends what a strict server takes', () => {
    const changes: Partial<Settings> = {
      negative_prompt: 'blur',
      inpaint_area: 'masked',
      mask_padding: '8',
      mask_blur: '0',
      variation_strength: '0.2',
      variation_seed: '5',
      semantics: 'diffusers',
    }
    expect(txt2imgFields.parse(sent('txt2img', changes))).toMatchObject({ prompt: 'a pear', variation_seed: 5 })
    expect(img2imgFields.parse(sent('img2img', changes))).toMatchObject({ prompt: 'a pear', variation_seed: 5 })
    expect(inpaintFields.parse(sent('inpaint', changes))).toMatchObject({ mask_padding: 8, mask_blur: 0 })
  })

  it('leaves out what has no effect', () => {
    expect(sent('img2img', { mask_blur: '9', inpaint_area: 'masked' })).not.toHaveProperty('mask_blur')
    expect(sent('inpaint', { mask_padding: '8' })).not.toHaveProperty('mask_padding')
    expect(sent('img2img', { variation_seed: '8' })).not.toHaveProperty('variation_seed')
    const guided = { control_preprocessor: 'canny', control_scale: '2', reference_scale: '2' }
    expect(sent('txt2img', guided)).toEqual(sent('txt2img'))
  })

  it('says what is made of a control image, since the api takes it from the name where nothing is said', () => {
    const fields = sent('inpaint', { control_model: 'inpaint', reference_model: 'face', reference_scale: '0.9' })
    expect(fields).toMatchObject({ control_model: 'inpaint', control_preprocessor: 'none', reference_model: 'face' })
    expect(inpaintFields.parse(fields)).toMatchObject({ control_scale: 1, reference_scale: 0.9 })
  })

  it('says what kind of picture a union is given, and nothing to others', () => {
    expect(sent('img2img', { control_model: 'union', control_type: 'depth' })).toMatchObject({ control_type: 'depth' })
    expect(sent('img2img', { control_model: 'edges' })).not.toHaveProperty('control_type')
    expect(sent('img2img', { control_type: 'depth' })).not.toHaveProperty('control_type')
  })

  it('leaves an empty size to the api, and sends every other empty field for the api to refuse', () => {
    const fields = sent('img2img', { width: '', height: ' ', steps: '' })
    expect(fields).not.toHaveProperty('width')
    expect(fields).not.toHaveProperty('height')
    expect(fields).toHaveProperty('steps', '')
  })
})
