import { expect, test } from 'vitest'
import { camelCase, snakeCase } from './camel-case.ts'
import { settingsOf, usualValues } from './field.ts'
import { fileFields, maskFields, maskFileFields, pictureFields } from './request-fields.ts'

const fields = { ...pictureFields, ...fileFields, ...maskFileFields, ...maskFields }

test('a default lies in the range of its field', () => {
  for (const [name, field] of Object.entries(fields)) {
    const value = 'default' in field ? field.default : 'usual' in field ? field.usual : undefined
    if ('min' in field && typeof value === 'number') {
      expect(value, name).toBeGreaterThanOrEqual(field.min)
      expect(value, name).toBeLessThanOrEqual(field.max)
    }
    if ('values' in field) expect(field.values, name).toContain(value)
  }
})

test('an omitted field comes to its default, or usually to what stands there', () => {
  expect(usualValues(maskFields)).toEqual({
    mask_grow: 0,
    mask_blur: 4,
    masked_content: 'original',
    inpaint_area: 'whole',
    mask_padding: 32,
    composite: true,
    soft: false,
    extend_left: 0,
    extend_top: 0,
    extend_right: 0,
    extend_bottom: 0,
  })
  expect(usualValues(pictureFields)).not.toHaveProperty('prompt')
  expect(usualValues(pictureFields)).not.toHaveProperty('width')
})

test('settings are the values of their own fields, under the names of code', () => {
  const values = { ...usualValues(maskFields), mask_padding: null, prompt: 'not one of them' }
  expect(settingsOf(maskFields, values)).toEqual({
    maskGrow: 0,
    maskBlur: 4,
    maskedContent: 'original',
    inpaintArea: 'whole',
    maskPadding: null,
    composite: true,
    soft: false,
    extendLeft: 0,
    extendTop: 0,
    extendRight: 0,
    extendBottom: 0,
  })
})

test('every name turns into one of code and back', () => {
  for (const name of Object.keys(fields)) expect(snakeCase(camelCase(name))).toBe(name)
  expect(camelCase('guidance_scale')).toBe('guidanceScale')
})
