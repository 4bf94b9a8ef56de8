import {
  controlFields,
  controlNames,
  controlTypes,
  type Field,
  type Fields,
  fileFields,
  maskFields,
  maskFileFields,
  pictureFields,
  upscaleFields,
} from '@pentimento/vocabulary'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fallbackDefaults } from './catalog.ts'
import { img2imgFields, inpaintFields, txt2imgFields } from './fields.ts'
import { type Resolved, resolveInpaintParameters, resolveParameters, resolveTxt2imgParameters } from './resolve.ts'

const model = {
  family: 'sd1' as const,
  native_size: 512,
  sizes: { min: 64, max: 2048, multiple: 8 },
  defaults: { ...fallbackDefaults, schedule: 'karras' as const, steps: 11 },
  unsupported: [],
  layout: 'file' as const,
  adapters: [
    { kind: 'controlnet' as const, name: 'edges', alias: null, family: 'sd1', unfit: {} },
    {
      kind: 'controlnet' as const,
      name: 'union',
      alias: null,
      family: 'sd1',
      unfit: {},
      control_types: [...controlTypes],
    },
  ],
}
const input = { width: 640, height: 400 }

const kinds = {
  txt2img: (form: object) => resolveTxt2imgParameters(txt2imgFields.parse(form), model),
  img2img: (form: object) => resolveParameters(img2imgFields.parse(form), model, input),
  inpaint: (form: object) => resolveInpaintParameters(inpaintFields.parse(form), model, input, true),
}
const { resize_mode, strength, color_correction, ...textFields } = pictureFields
const fieldsOf: Record<keyof typeof kinds, Fields> = {
  txt2img: { ...textFields, ...controlFields, ...upscaleFields, ...fileFields },
  img2img: { ...pictureFields, ...controlFields, ...upscaleFields, ...fileFields },
  inpaint: { ...pictureFields, ...controlFields, ...upscaleFields, ...fileFields, ...maskFileFields, ...maskFields },
}

function anyValueOf(name: string, field: Field): fc.Arbitrary<unknown> {
  switch (field.type) {
    case 'integer':
      return fc
        .integer({ min: field.min, max: Math.min(field.max, 2 ** 31) })
        .map((n) => (field.multiple ? Math.ceil(n / field.multiple) * field.multiple : n))
    case 'number':
      // Such that the one lies before the other.
      if (name.startsWith('control')) return fc.constant(name.endsWith('_start') ? 0.25 : 0.75)
      // Not much can be enlarged at once.
      return fc.oneof(
        fc.constant(field.default ?? field.min),
        fc.double({ min: field.min, max: field.max, noNaN: true }),
      )
    case 'flag':
      return fc.boolean()
    case 'choice':
      return fc.constantFrom(...field.values.filter((value) => value !== 'inpaint'))
    case 'prompt':
      return fc.constantFrom('', 'null', 'a (red:1.2) barn', 'ein Berg')
    case 'sampler':
      return fc.constantFrom('Euler a', 'DPM++ 2M Karras', 'ddim', 'unipc')
    case 'schedule':
      return fc.constantFrom('Karras', 'automatic', 'simple')
    case 'loras':
      return fc.constant([])
    case 'name':
      return fc.constantFrom(...(name === 'upscaler' ? ['lanczos'] : ['edges', 'union']))
  }
}

function formsOf(kind: keyof typeof kinds): fc.Arbitrary<Record<string, unknown>> {
  const values = Object.entries(fieldsOf[kind]).map(([name, field]) => [name, anyValueOf(name, field)])
  const forms: fc.Arbitrary<Record<string, unknown>> = fc.record(Object.fromEntries(values), {
    requiredKeys: ['prompt'],
  })
  return forms.map(withKinds)
}

/** Unions are told the kind of their picture unless edges say it, and no others are. */
function withKinds(form: Record<string, unknown>): Record<string, unknown> {
  const kinds = controlNames.map((name) => {
    const isTold = form[`${name}_preprocessor`] === 'canny'
    const type = form[`${name}_type`] ?? (isTold ? undefined : 'depth')
    return [`${name}_type`, form[`${name}_model`] === 'union' ? type : undefined]
  })
  return Object.fromEntries(
    Object.entries({ ...form, ...Object.fromEntries(kinds) }).filter(([, value]) => value !== undefined),
  )
}

/** As `String` and `JSON.stringify` write it, and so as forms of clients have it. */
function asText(parameters: object): Record<string, string> {
  const text = (value: unknown) => (Array.isArray(value) ? JSON.stringify(value) : String(value))
  return Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, text(value)]))
}

/** As the JSON route reads it. */
function asJson(parameters: object): object {
  return Object.fromEntries(Object.entries(parameters).filter(([, value]) => value !== null))
}

function shown(resolved: Resolved<{ steps_run: number }>): object | null {
  if (!resolved.ok) return null
  const { steps_run, ...parameters } = resolved.parameters
  return parameters
}

describe('the parameters of a job', () => {
  it.each(Object.keys(kinds) as (keyof typeof kinds)[])('of %s come to themselves when they are sent again', (kind) => {
    let accepted = 0
    fc.assert(
      fc.property(formsOf(kind), (form) => {
        const parameters = shown(kinds[kind](form))
        if (parameters === null) return
        accepted++
        expect(shown(kinds[kind](asJson(parameters)))).toEqual(parameters)
        expect(shown(kinds[kind](asText(parameters)))).toEqual(parameters)
      }),
      { numRuns: 400 },
    )
    expect(accepted).toBeGreaterThan(50)
  })
})
