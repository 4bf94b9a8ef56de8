import { controlTypes } from '@pentimento/vocabulary'
import { describe, expect, it } from 'vitest'
import type { AdapterEntry } from './catalog.ts'
import { resolveControls } from './controls.ts'
import { inpaintFields, txt2imgFields } from './fields.ts'

const control = (name: string, types?: number): AdapterEntry => ({
  kind: 'controlnet',
  name,
  alias: null,
  family: 'sdxl',
  unfit: {},
  ...(types !== undefined && { control_types: controlTypes.slice(0, types) }),
})
const adapters: AdapterEntry[] = [
  control('union', 6),
  control('promax', 8),
  control('edges'),
  { ...control('t2i'), kind: 't2i-adapter' },
]
const six = 'openpose, depth, scribble, lineart, normal, segment'
const ordinary = 'for one kind of picture alone: leave it out'
const model = { id: 'mine', family: 'sdxl', layout: 'file' as const }

function resolved(fields: object, isInpaint = false) {
  const form = (isInpaint ? inpaintFields : txt2imgFields).parse({ prompt: 'a cat', ...fields })
  const { values, issues } = resolveControls(form, model, adapters)
  return { values, issues: issues.map(({ code, pointer, detail }) => `${code} ${pointer} ${detail}`) }
}
const typeOf = (fields: object, isInpaint = false) => {
  const { values, issues } = resolved(fields, isInpaint)
  return issues.length > 0 ? issues : values.control_type
}

describe('the kind of picture that a union ControlNet is given', () => {
  it('is what is said, each control its own', () => {
    const { values, issues } = resolved({
      control_model: 'union',
      control_type: 'depth',
      control_2_model: 'edges',
      control_3_model: 'union',
      control_3_type: 'openpose',
      control_3_preprocessor: 'canny',
    })
    expect(issues).toEqual([])
    expect(values).toMatchObject({ control_type: 'depth', control_2_type: null, control_3_type: 'openpose' })
  })

  it('is told by the preprocessor, or must be said', () => {
    expect(typeOf({ control_model: 'union', control_preprocessor: 'canny' })).toBe('lineart')
    const missing = `one of ${six}`
    expect(typeOf({ control_model: 'union' })).toEqual([
      `invalid_fields /control_type must say what union is given: ${missing}`,
    ])
    const inpaint = { control_model: 'promax', control_preprocessor: 'inpaint' }
    expect(typeOf(inpaint, true)).toBe('inpaint')
    expect(typeOf({ ...inpaint, control_model: 'union' }, true)).toEqual([
      `invalid_fields /control_type must say what union is given: ${missing}`,
    ])
  })

  it('leaves open what a mask repaints, if it is that', () => {
    const { values } = resolved({ control_model: 'promax', control_type: 'inpaint' }, true)
    expect(values.control_preprocessor).toBe('inpaint')
    const own = { control_model: 'promax', control_type: 'inpaint', control_preprocessor: 'none' }
    expect(resolved(own, true).values.control_preprocessor).toBe('none')
    expect(resolved(own).issues).toEqual([])
  })

  it('is refused where the file has none such', () => {
    expect(typeOf({ control_model: 'union', control_type: 'tile' })).toEqual([
      `not_supported /control_type union does not know tile: it takes ${six}`,
    ])
    expect(typeOf({ control_model: 'promax', control_type: 'tile' })).toBe('tile')
    for (const name of ['edges', 't2i'])
      expect(typeOf({ control_model: name, control_type: 'depth' })).toEqual([
        `not_supported /control_type is for union ControlNets, and ${name} is ${ordinary}`,
      ])
    const unknown = { control_model: 'none', control_type: 'depth' }
    expect(typeOf(unknown)).toEqual([expect.stringMatching(/^unknown_control /)])
    expect(() => txt2imgFields.parse({ prompt: '', control_model: 'union', control_type: 'face' })).toThrow()
  })
})
