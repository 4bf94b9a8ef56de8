import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fallbackDefaults } from './catalog.ts'
import { img2imgFields, inpaintFields, txt2imgFields } from './fields.ts'
import { limits } from './limits.ts'
import { inpaintParameters, parameters } from './parameters.ts'
import { resolveInpaintParameters, resolveParameters, resolveTxt2imgParameters } from './resolve.ts'
import { resolveSize } from './resolve-size.ts'

const model = {
  family: 'sd1',
  native_size: 512,
  sizes: { min: 64, max: 2048, multiple: 8 },
  defaults: fallbackDefaults,
  unsupported: [] as string[],
}
const square = { width: 512, height: 512 }
const resolve = (fields: Record<string, unknown>, facts = model) =>
  resolveParameters(img2imgFields.parse({ prompt: 'x', ...fields }), facts, square)
const resolveInpaint = (fields: Record<string, unknown>, hasMask = true) =>
  resolveInpaintParameters(inpaintFields.parse({ prompt: 'x', ...fields }), model, square, hasMask)

describe('resolveSize', () => {
  it('keeps the aspect at the native area, in multiples of 8', () => {
    expect(resolveSize({ semantics: 'a1111' }, 512, { width: 1920, height: 1080 })).toEqual({ width: 680, height: 384 })
    expect(resolveSize({ semantics: 'a1111', width: 768 }, 512, { width: 1500, height: 1000 })).toEqual({
      width: 768,
      height: 512,
    })
    expect(resolveSize({ semantics: 'a1111', height: 512 }, 512, { width: 1500, height: 1000 })).toEqual({
      width: 768,
      height: 512,
    })
    expect(resolveSize({ semantics: 'diffusers' }, 512, { width: 519, height: 333 })).toEqual({
      width: 512,
      height: 328,
    })
  })

  it('rounds to what the model takes, and leaves what was asked for', () => {
    const wide = { width: 1600, height: 1000 }
    expect(resolveSize({ semantics: 'a1111' }, 512, wide, 64)).toEqual({ width: 640, height: 384 })
    expect(resolveSize({ semantics: 'a1111', width: 600 }, 512, wide, 64)).toEqual({ width: 600, height: 384 })
    expect(resolveSize({ semantics: 'diffusers' }, 512, wide, 64)).toEqual({ width: 1600, height: 960 })
  })

  it('keeps the aspect beyond the limits too', () => {
    const banner = { width: 2000, height: 100 }
    expect(resolveSize({ semantics: 'a1111', width: 256 }, 512, banner)).toEqual({ width: 256, height: 16 })
    expect(resolveSize({ semantics: 'a1111', height: 256 }, 512, banner)).toEqual({ width: 5120, height: 256 })
    expect(resolveSize({ semantics: 'a1111' }, 512, banner)).toEqual({ width: 2288, height: 112 })
    expect(resolveSize({ semantics: 'diffusers' }, 512, { width: 5000, height: 60 })).toEqual({
      width: 5000,
      height: 56,
    })
  })
})

describe('resolveTxt2imgParameters', () => {
  const resolveText = (fields: Record<string, unknown>, facts = model) =>
    resolveTxt2imgParameters(txt2imgFields.parse({ prompt: 'x', ...fields }), facts)
  const valuesOf = (fields: Record<string, unknown>) => {
    const resolved = resolveText(fields)
    if (!resolved.ok) throw new Error(JSON.stringify(resolved.issues))
    return resolved.parameters
  }

  it('is of the native size, and square where one side is left out, under either semantics', () => {
    for (const semantics of ['a1111', 'diffusers']) {
      expect(valuesOf({ semantics })).toMatchObject(square)
      expect(valuesOf({ semantics, width: 256, height: 320 })).toMatchObject({ width: 256, height: 320 })
    }
    expect(valuesOf({ height: 256 })).toMatchObject({ width: 256, height: 256 })
  })

  it('runs all steps, whatever the step policy, and has nothing of a source', () => {
    for (const semantics of ['a1111', 'diffusers'])
      for (const step_policy of ['proportional', 'exact']) {
        const parameters = valuesOf({ semantics, step_policy, steps: 150 })
        expect(parameters).toMatchObject({ steps: 150, steps_run: 150, step_policy: null })
        for (const name of ['strength', 'resize_mode', 'color_correction']) expect(parameters).not.toHaveProperty(name)
      }
  })

  it('refuses what it cannot do, as the other kinds', () => {
    const pointers = (fields: Record<string, unknown>, facts = model) => {
      const resolved = resolveText(fields, facts)
      return resolved.ok ? [] : resolved.issues.map(({ pointer }) => pointer)
    }
    expect(pointers({ prompt: '<hypernet:x>' })).toEqual(['/prompt'])
    expect(pointers({ semantics: 'diffusers', variation_strength: 0.5 })).toEqual(['/variation_strength'])
    expect(pointers({ clip_skip: 2 }, { ...model, unsupported: ['clip_skip'] })).toEqual(['/clip_skip'])
    expect(pointers({ width: 64, height: 512 }, { ...model, sizes: { min: 128, max: 512, multiple: 64 } })).toEqual([
      '/width',
    ])
    for (const name of ['image_url', 'strength', 'resize_mode', 'color_correction', 'mask_blur'])
      expect(txt2imgFields.safeParse({ prompt: 'x', [name]: '1' }).error?.issues).toMatchObject([{ keys: [name] }])
  })
})

describe('resolveParameters', () => {
  it('takes the model defaults, and its schedule only with its own sampler', () => {
    const painter = {
      ...model,
      defaults: { steps: 12, guidance_scale: 4, sampler: 'dpmpp_2m', schedule: 'karras' } as const,
    }
    expect(resolve({}, painter)).toMatchObject({
      parameters: { steps: 12, guidance_scale: 4, sampler: 'dpmpp_2m', schedule: 'karras', steps_run: 10 },
    })
    expect(resolve({ sampler: 'euler' }, painter)).toMatchObject({
      parameters: { sampler: 'euler', schedule: 'automatic' },
    })
    expect(resolve({ semantics: 'diffusers' }, painter)).toMatchObject({ parameters: { schedule: 'automatic' } })
  })

  it('splits "DPM++ 2M Karras", and refuses it beside another schedule', () => {
    expect(resolve({ sampler: 'DPM++ 2M Karras' })).toMatchObject({
      parameters: { sampler: 'dpmpp_2m', schedule: 'karras' },
    })
    expect(resolve({ sampler: 'DPM++ 2M Karras', schedule: 'Karras' })).toMatchObject({ ok: true })
    expect(resolve({ sampler: 'DPM++ 2M Karras', schedule: 'normal' })).toMatchObject({
      issues: [{ pointer: '/schedule' }],
    })
  })

  it('draws seeds that leave room for every image', () => {
    for (let i = 0; i < 50; i++) {
      const result = resolve({ num_images: 8, variation_strength: 0.5 })
      expect(result.ok && result.parameters.seed + 7).toBeLessThanOrEqual(limits.seedMax)
      expect(result.ok && result.parameters.variation_seed).toBeGreaterThanOrEqual(0)
    }
    expect(resolve({ seed: limits.seedMax, num_images: 2 })).toMatchObject({ issues: [{ pointer: '/seed' }] })
    const last = { variation_seed: limits.seedMax, num_images: 2 }
    expect(resolve({ ...last, variation_strength: 0.1 })).toMatchObject({ issues: [{ pointer: '/variation_seed' }] })
    expect(resolve(last)).toMatchObject({ parameters: { variation_seed: null } })
  })

  it.each([
    [{ semantics: 'diffusers', steps: 10, strength: 0.05 }, 'too_few_steps', '/strength'],
    [{ semantics: 'diffusers', step_policy: 'exact' }, 'not_supported', '/step_policy'],
    [{ semantics: 'diffusers', variation_strength: 0.5 }, 'not_supported', '/variation_strength'],
    [{ semantics: 'diffusers', resize_mode: 'latent' }, 'not_supported', '/resize_mode'],
    [{ semantics: 'diffusers', sampler: 'DPM++ 2S a' }, 'not_supported', '/sampler'],
    [{ semantics: 'diffusers', schedule: 'kl_optimal' }, 'not_supported', '/schedule'],
    [{ semantics: 'diffusers', sampler: 'Euler a Karras' }, 'not_supported', '/schedule'],
    [{ semantics: 'diffusers', sampler: 'lcm', steps: 51 }, 'not_supported', '/steps'],
    [{ sampler: 'lcm', schedule: 'model', steps: 51 }, 'not_supported', '/steps'],
    [{ step_policy: 'exact', steps: 150, strength: 0.005 }, 'not_supported', '/strength'],
    [{ prompt: 'a cat <hypernet:x>' }, 'not_supported', '/prompt'],
    [{ negative_prompt: '<lora:x:1>' }, 'not_supported', '/negative_prompt'],
    [{ width: 2048, height: 2048, num_images: 8, steps: 150 }, 'too_much_work', ''],
  ])('refuses %j', (fields, code, pointer) => {
    expect(resolve(fields)).toMatchObject({ ok: false, issues: [{ code, pointer }] })
  })

  it("refuses what lies outside the model's abilities", () => {
    const small = {
      ...model,
      native_size: 128,
      sizes: { min: 64, max: 256, multiple: 8 },
      unsupported: ['clip_skip', 'rng=nv'],
    }
    expect(resolve({ width: 512, height: 128 }, small)).toMatchObject({ issues: [{ pointer: '/width' }] })
    const coarse = { ...small, sizes: { min: 64, max: 256, multiple: 64 } }
    expect(resolve({ width: 128, height: 72 }, coarse)).toMatchObject({ issues: [{ pointer: '/height' }] })
    expect(resolve({ clip_skip: 2, rng: 'nv' }, small)).toMatchObject({
      issues: [{ pointer: '/clip_skip' }, { pointer: '/rng' }],
    })
    expect(resolve({ clip_skip: 1 }, small)).toMatchObject({ ok: true })
    expect(resolve({ clip_skip: 2 }, { ...small, unsupported: ['clip_skip=3'] })).toMatchObject({ ok: true })
    const xl = { ...model, family: 'sdxl' }
    expect(resolve({ clip_skip: 2 }, xl)).toMatchObject({ issues: [{ pointer: '/clip_skip' }] })
    expect(resolve({ clip_skip: 2, semantics: 'diffusers' }, xl)).toMatchObject({ ok: true })
    const banner = resolveParameters(img2imgFields.parse({ prompt: '' }), small, { width: 1000, height: 100 })
    const detail = expect.stringContaining('send width and height')
    const both = [
      { pointer: '/width', detail },
      { pointer: '/height', detail },
    ]
    expect(banner).toMatchObject({ issues: both })
  })

  it.each([
    [{ width: 256 }, { width: 2000, height: 100 }, '/height', 16],
    [{ width: 256 }, { width: 800, height: 120 }, '/height', 40],
    [{ height: 256 }, { width: 800, height: 60 }, '/width', 3416],
    [{ height: 128 }, { width: 60, height: 800 }, '/width', 8],
    [{}, { width: 2000, height: 100 }, '/width', 2288],
    [{}, { width: 100, height: 3000 }, '/height', 2808],
    [{ semantics: 'diffusers' }, { width: 4000, height: 1000 }, '/width', 4000],
    [{ semantics: 'diffusers' }, { width: 600, height: 63 }, '/height', 56],
    [{ semantics: 'diffusers' }, { width: 1, height: 600 }, '/width', 8],
  ])('refuses a side that %j and an input of %j bring beyond the limits', (fields, input, pointer, value) => {
    const result = resolveParameters(img2imgFields.parse({ prompt: '', ...fields }), model, input)
    const detail = `this model takes 64 to 2048 pixels; taken from the input it would be ${value}: send width and height`
    expect(result).toMatchObject({ issues: [{ code: 'invalid_fields', pointer, detail }] })
    const parsed = inpaintFields.parse({ prompt: '', inpaint_area: 'masked', ...fields })
    expect(resolveInpaintParameters(parsed, model, input, true)).toMatchObject({ issues: [{ pointer, detail }] })
  })

  it('accepts no size that could not be asked for, and no aspect that is off by more than rounding', () => {
    const side = fc.integer({ min: 1, max: 16_000 })
    const given = fc.constantFrom({}, { width: 256 }, { height: 512 })
    const native = fc.constantFrom(128, 512, 1024)
    fc.assert(
      fc.property(
        fc.constantFrom('a1111', 'diffusers'),
        native,
        given,
        side,
        side,
        (semantics, native_size, sides, width, height) => {
          const fields = img2imgFields.parse({ prompt: '', semantics, ...sides })
          const result = resolveParameters(fields, { ...model, native_size }, { width, height })
          if (!result.ok) return
          const chosen = result.parameters
          for (const value of [chosen.width, chosen.height]) {
            expect(value % limits.sizeMultiple).toBe(0)
            expect(value).toBeGreaterThanOrEqual(limits.sizeMin)
            expect(value).toBeLessThanOrEqual(limits.sizeMax)
          }
          const change = chosen.width / chosen.height / (width / height)
          expect(Math.max(change, 1 / change)).toBeLessThan(1.14)
        },
      ),
    )
  })

  it('gives what the wire schema promises, for every accepted request', () => {
    fc.assert(
      fc.property(
        fc.record({
          strength: fc.double({ min: 0, max: 1, noNaN: true }),
          steps: fc.integer({ min: 1, max: 150 }),
          output_format: fc.constantFrom('png', 'webp'),
        }),
        (fields) => {
          const result = resolve(fields)
          expect(result.ok && parameters.parse(result.parameters)).toEqual(result.ok && result.parameters)
        },
      ),
    )
  })
})

describe('resolveInpaintParameters', () => {
  it('chooses mask mode, blur and composite by what is there', () => {
    expect(resolveInpaint({})).toMatchObject({
      parameters: { mask_mode: 'white', mask_blur: 4, composite: true, mask_padding: null },
    })
    expect(resolveInpaint({}, false)).toMatchObject({ parameters: { mask_mode: 'alpha' } })
    expect(resolveInpaint({ mask_mode: 'alpha' })).toMatchObject({ parameters: { mask_mode: 'alpha' } })
    expect(resolveInpaint({ semantics: 'diffusers' })).toMatchObject({ parameters: { mask_blur: 0, composite: false } })
    const masked = resolveInpaint({ semantics: 'diffusers', inpaint_area: 'masked', mask_padding: '8' })
    expect(masked).toMatchObject({ parameters: { composite: true, mask_padding: 8 } })
    expect(masked.ok && inpaintParameters.parse(masked.parameters)).toBeTruthy()
  })

  it.each([
    [{ mask_mode: 'white' }, false, 'invalid_fields', '/mask_mode'],
    [{ semantics: 'diffusers', masked_content: 'fill' }, true, 'not_supported', '/masked_content'],
    [{ semantics: 'diffusers', soft: 'true' }, true, 'not_supported', '/soft'],
  ])('refuses %j (mask file: %s)', (fields, hasMask, code, pointer) => {
    expect(resolveInpaint(fields, hasMask)).toMatchObject({ ok: false, issues: [{ code, pointer }] })
  })

  it('takes the size of the canvas that a picture grows to, or one of its shape', () => {
    const grown = { extend_left: '128', extend_bottom: '64' }
    const size = (fields: object, hasMask = false) => {
      const resolved = resolveInpaint({ ...grown, ...fields }, hasMask)
      return resolved.ok ? [resolved.parameters.width, resolved.parameters.height] : resolved.issues
    }
    expect(size({})).toEqual([640, 576])
    expect(size({ extend_top: '3' }, true)).toEqual([640, 576])
    expect(size({ semantics: 'diffusers', extend_top: '7' })).toEqual([640, 576])
    expect(size({ width: '320' })).toEqual([320, 288])
    expect(size({ height: '320' })).toEqual([352, 320])
    expect(size({ inpaint_area: 'masked' })).toEqual([536, 488])
    const parameters = { extend_left: 128, extend_top: 0, extend_right: 0, extend_bottom: 64, mask_mode: 'alpha' }
    expect(resolveInpaint(grown, false)).toMatchObject({ ok: true, parameters })
  })

  it('judges limits on the canvas', () => {
    const wide = { width: 3000, height: 40 }
    const grow = (fields: object, input = wide, facts = model) =>
      resolveInpaintParameters(inpaintFields.parse({ prompt: 'x', ...fields }), facts, input, false)
    const sides = { extend_left: '1024', inpaint_area: 'masked', width: '512', height: '64' }
    expect(grow(sides)).toMatchObject({
      issues: [{ code: 'invalid_fields', pointer: '/extend_left', detail: expect.stringContaining('4024 × 40') }],
    })
    expect(grow({ ...sides, extend_top: '60' })).toMatchObject({ ok: true })
    expect(grow({ extend_right: '8' }, { width: 2048, height: 512 })).toMatchObject({
      issues: [{ pointer: '/width', detail: expect.stringContaining('it would be 2056: send width and height') }],
    })
    const larger = { inpaint_area: 'masked', upscale: '4', extend_top: '1024', extend_right: '1024' }
    expect(grow(larger, { width: 512, height: 512 })).toMatchObject({
      issues: [{ code: 'too_much_work', pointer: '/upscale', detail: expect.stringContaining('6144 × 6144') }],
    })
  })
})
