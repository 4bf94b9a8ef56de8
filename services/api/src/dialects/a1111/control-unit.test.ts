import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { HttpProblem } from '../../http/problem.ts'
import { readUnit } from './control-unit.ts'

const read = (sent: object, hires = false) => readUnit(sent as Record<string, unknown>, 0, { hires })

/** What webuiapi 0.9.17 sends of a `ControlNetUnit(image, module='canny', model='edges [d14c016b]')`. */
const webuiapi = {
  image: 'iVBORw0KGgo=',
  mask: null,
  module: 'canny',
  model: 'edges [d14c016b]',
  weight: 1.0,
  resize_mode: 'Resize and Fill',
  low_vram: false,
  processor_res: 512,
  threshold_a: 64,
  threshold_b: 64,
  guidance_start: 0.0,
  guidance_end: 1.0,
  control_mode: 'Balanced',
  pixel_perfect: false,
  hr_option: 'Both',
  enabled: true,
}

describe('a unit', () => {
  it('is read as a client sends it', () => {
    expect(read(webuiapi, true)).toEqual({
      name: 'ControlNet unit 0',
      picture: 'iVBORw0KGgo=',
      mask: null,
      module: { name: 'canny', alias: 'canny', does: 'canny' },
      model: 'edges [d14c016b]',
      type: null,
      fit: 'fill',
      weight: 1,
      start: 0,
      end: 1,
      thresholds: { low: 64, high: 64 },
      resolution: 512,
    })
  })

  it('has the defaults of the extension', () => {
    const { picture, module, fit, weight, start, end, thresholds, resolution } = read({ model: 'edges' })
    expect({ picture, module: module.name, fit, weight, start, end, thresholds, resolution }).toEqual({
      picture: null,
      module: 'none',
      fit: 'crop',
      weight: 1,
      start: 0,
      end: 1,
      thresholds: { low: 100, high: 200 },
      resolution: null,
    })
  })

  it.each([
    ['older names', { input_image: 'A', guidance: 0.5, lowvram: true }, { picture: 'A', end: 0.5 }],
    ['the newer name beside the older', { guidance: 1, guidance_end: 0.5 }, { end: 0.5 }],
    ["Forge's name of a mask", { image: 'A', mask_image: 'B' }, { picture: 'A', mask: 'B' }],
    ['picture and mask in an object', { image: { image: 'A', mask: 'B' } }, { picture: 'A', mask: 'B' }],
    ['in a list of one object', { image: [{ image: 'A', mask: null }] }, { picture: 'A', mask: null }],
    ['in a pair', { image: ['A', 'B'] }, { picture: 'A', mask: 'B' }],
    ['an empty picture', { image: '' }, { picture: null }],
    ['a number for a way of fitting', { resize_mode: 0 }, { fit: 'stretch' }],
    ['an older name for one', { resize_mode: 'Scale to Fit (Inner Fit)' }, { fit: 'crop' }],
    ['and another', { resize_mode: 'Envelope (Outer Fit)' }, { fit: 'fill' }],
    ['a number for balance', { control_mode: 0 }, {}],
    [
      'thresholds out of range',
      { module: 'canny', threshold_a: 0, threshold_b: 300 },
      { thresholds: { low: 100, high: 200 } },
    ],
    ['fractions of them', { module: 'canny', threshold_a: 64.9 }, { thresholds: { low: 64, high: 200 } }],
    ['a picture at its own size', { module: 'canny', processor_res: 512, pixel_perfect: true }, { resolution: null }],
    ['a preprocessor by its label', { module: 'Invert (from white bg & black line)' }, {}],
    ['which passes, without a second', { hr_option: 'Low res only' }, {}],
    ['a kind of picture for a union', { union_control_type: 'Hard Edge' }, { type: 'lineart' }],
    ['the tag of one', { union_control_type: 'normalmap' }, { type: 'normal' }],
    ['our name of one', { union_control_type: 'segment' }, { type: 'segment' }],
    ['none', { union_control_type: 'Unknown' }, { type: null }],
    ['numbers as text', { weight: '0.5', guidance_start: '0.25' }, { weight: 0.5, start: 0.25 }],
  ])('is understood with %s', (_, more, expected) => {
    expect(read({ model: 'edges', ...more })).toMatchObject(expected)
  })

  it.each([
    [
      'another preprocessor',
      { module: 'depth_midas' },
      'module(depth_midas) not found in supported modules: none, canny',
    ],
    ['no model', { model: 'None' }, 'You have not selected any model'],
    ['another balance', { control_mode: 'My prompt is more important' }, 'only Balanced'],
    ['a number for one', { control_mode: 2 }, 'only Balanced'],
    ['its older name', { guessmode: true }, 'only Balanced'],
    ['weights of layers', { advanced_weighting: [1, 0.5] }, 'is not there'],
    ['a region', { effective_region_mask: 'A' }, 'is not there'],
    ['several pictures', { image: [{ image: 'A' }, { image: 'B' }] }, 'one picture'],
    ['a picture that is no text', { image: 7 }, 'Invalid encoded image'],
    ['an unknown way of fitting', { resize_mode: 'Tile' }, 'must be Just Resize'],
    ['an IP-Adapter for some steps', { module: 'ip-adapter-auto', guidance_end: 0.5 }, 'counts in all steps'],
    ['an unknown kind of picture', { union_control_type: 'Face' }, 'must be one of OpenPose, Depth, Soft Edge'],
    ['words for a number', { weight: 'much' }, 'must be a number'],
  ])('is refused with %s', (_, more, detail) => {
    expect(() => read({ model: 'edges', ...more })).toThrow(detail)
  })

  it('counts in both passes of a second painting, or is refused', () => {
    expect(() => read({ model: 'edges', hr_option: 'High res only' }, true)).toThrow('both passes')
    expect(read({ model: 'edges', hr_option: 'HiResFixOption.BOTH' }, true).model).toBe('edges')
  })

  it('is read or refused as a request, whatever it holds', () => {
    const names =
      'image input_image mask module model weight resize_mode control_mode guidance guidance_start guidance_end processor_res threshold_a threshold_b pixel_perfect guessmode hr_option union_control_type advanced_weighting effective_region_mask enabled'
    const value = fc.oneof(
      fc.constantFrom(null, '', 'canny', 'None', -1, 1e308, 'NaN', [], {}, [null], [['A']], [{}], { image: [] }, true),
      fc.string(),
      fc.double(),
      fc.anything(),
    )
    const unit = fc.dictionary(
      fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...names.split(' ')) }, fc.string()),
      value,
    )
    fc.assert(
      fc.property(unit, fc.boolean(), (sent, hires) => {
        try {
          const { weight, start, end, thresholds } = read(sent, hires)
          for (const number of [weight, start, end]) expect(Number.isFinite(number)).toBe(true)
          for (const one of Object.values(thresholds))
            expect(Number.isInteger(one) && one >= 1 && one <= 255).toBe(true)
        } catch (error) {
          expect(error).toBeInstanceOf(HttpProblem)
        }
      }),
      { numRuns: 2000 },
    )
  })
})
