import { describe, expect, it } from 'vitest'
import { kinds } from './kinds.ts'
import { meantField } from './meant-field.ts'

const { fieldNames } = kinds.inpaint

describe('meantField', () => {
  it.each([
    ['denoising_strength', 'did you mean strength?'],
    ['cfg_scale', 'did you mean guidance_scale?'],
    ['num_inference_steps', 'did you mean steps?'],
    ['n', 'did you mean num_images?'],
    ['size', 'send width and height'],
    ['image_strength', 'strength counts the other way: send strength, as 1 - image_strength'],
    ['negativePrompt', 'did you mean negative_prompt?'],
    ['Guidance-Scale', 'did you mean guidance_scale?'],
    ['promt', 'did you mean prompt?'],
    ['sede', 'did you mean seed?'],
    ['num_image', 'did you mean num_images?'],
    ['mask_blurr', 'did you mean mask_blur?'],
  ])('knows what %s means', (sent, clause) => {
    expect(meantField(sent, fieldNames)).toBe(clause)
  })

  it('says nothing where it does not know, or where the request has no such field', () => {
    expect(meantField('tiling', fieldNames)).toBeNull()
    expect(meantField('x', fieldNames)).toBeNull()
    expect(meantField('s'.repeat(100_000), fieldNames)).toBeNull()
    expect(meantField('denoising_strength', kinds.txt2img.fieldNames)).toBeNull()
    expect(meantField('image_strength', kinds.txt2img.fieldNames)).toBeNull()
  })

  it('has no name of ours for one of somebody else’s', () => {
    for (const name of fieldNames) expect(meantField(name, fieldNames)).toBe(`did you mean ${name}?`)
  })
})
