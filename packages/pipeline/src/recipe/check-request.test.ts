import { samplerNames } from '@pentimento/vocabulary'
import { describe, expect, test } from 'vitest'
import { describeModel, type ModelDescription } from '../index.ts'
import { fixtureModel, plainRequest } from '../parity/pipeline-cases.ts'
import { plainMaskSettings } from '../plain-settings.ts'
import { checkRequest, type RequestOptions } from './check-request.ts'

const sd1 = await describeModel(fixtureModel('tiny-sd1'))
const sd2 = await describeModel(fixtureModel('tiny-sd2'))
const sdxl = await describeModel(fixtureModel('tiny-sdxl'))

function refusal(change: Partial<RequestOptions>, model: ModelDescription = sd1): string | null {
  try {
    checkRequest(model, { ...plainRequest, ...change })
    return null
  } catch (error) {
    const { code, message } = error as { code: string; message: string }
    return `${code}: ${message}`
  }
}

test('what the model and the semantics can do passes', () => {
  expect(refusal({})).toBeNull()
  expect(refusal({ semantics: 'diffusers' })).toBeNull()
  expect(refusal({ semantics: 'diffusers', prompt: '[a|b] AND c' })).toBeNull()
  const inpaint = { ...plainMaskSettings, soft: true, maskedContent: 'noise' as const }
  expect(refusal({ variationStrength: 0.5, stepPolicy: 'exact', inpaint })).toBeNull()
})

test.each<[string, Partial<RequestOptions>]>([
  ['too small', { width: 56 }],
  ['too large', { height: 1032 }],
  ['not in eights', { width: 100 }],
])('a size that is %s is refused with the range', (_name, change) => {
  expect(refusal(change)).toMatch(/^not_supported: .*64 to 1024 pixels in multiples of 8/)
})

test('a model may ask for larger multiples', () => {
  const coarse = { ...sd1, sizes: { min: 64, max: 1024, multiple: 64 } }
  expect(refusal({ width: 128, height: 64 }, coarse)).toBeNull()
  expect(refusal({ width: 96, height: 64 }, coarse)).toMatch(/in multiples of 64, not on 96×64/)
})

describe('under a1111', () => {
  test('prompt syntax without an effect here is refused with its field', () => {
    expect(refusal({ prompt: '<hypernet:x>' })).toMatch(/^not_supported: prompt: a hypernetwork/)
    expect(refusal({ negativePrompt: '<lora:x>' })).toMatch(/^not_supported: negative_prompt: <lora:/)
    expect(refusal({ prompt: '[a|b] AND c', negativePrompt: '[a:b:3]' })).toBeNull()
  })

  test('clip skip goes as far as the export has layers', () => {
    expect([sd1.maxClipSkip, sd2.maxClipSkip, sdxl.maxClipSkip]).toEqual([3, 1, 2])
    expect(refusal({ clipSkip: 3 })).toBeNull()
    expect(refusal({ clipSkip: 4 })).toMatch(/^not_supported: .*1 to 3, not 4/)
    expect(refusal({ clipSkip: 2 }, sd2)).toMatch(/^not_supported: .*can only be 1/)
  })

  test('SDXL has no clip skip', () => {
    expect(refusal({ clipSkip: 2 }, sdxl)).toMatch(/^not_supported: .*SDXL/)
    expect(refusal({ clipSkip: 2, semantics: 'diffusers' }, sdxl)).toBeNull()
    expect(refusal({ clipSkip: 2 })).toBeNull()
  })
})

describe('under diffusers', () => {
  test.each<[Partial<RequestOptions>, string]>([
    [{ variationStrength: 0.1 }, 'variation_strength: semantics diffusers has no variation seeds.'],
    [{ inpaint: { ...plainMaskSettings, soft: true } }, 'soft: semantics diffusers has no soft inpainting.'],
    [{ stepPolicy: 'exact' }, 'step_policy: semantics diffusers has no counterpart to step_policy exact.'],
    [{ resizeMode: 'latent' }, 'resize_mode: semantics diffusers has no resize_mode latent.'],
    [
      { inpaint: { ...plainMaskSettings, maskedContent: 'fill' } },
      'masked_content: semantics diffusers knows only original.',
    ],
    [{ sampler: 'dpmpp_2s_a' }, 'sampler: semantics diffusers has no scheduler for dpmpp_2s_a.'],
    [{ sampler: 'dpmpp_3m_sde' }, 'sampler: semantics diffusers has no scheduler for dpmpp_3m_sde.'],
    [{ sampler: 'ddim', schedule: 'karras' }, 'schedule: semantics diffusers has no schedule karras for ddim.'],
    [{ schedule: 'kl_optimal' }, 'schedule: semantics diffusers has no schedule kl_optimal.'],
  ])('%j is refused', (change, words) => {
    expect(refusal({ ...change, semantics: 'diffusers' })).toBe(`not_supported: ${words}`)
  })

  test('a strength that comes to no step is refused with a way out', () => {
    expect(refusal({ semantics: 'diffusers', steps: 10, strength: 0.05 })).toMatch(
      /^too_few_steps: strength: int\(10 · 0.05\) is 0: raise steps or strength/,
    )
    expect(refusal({ semantics: 'diffusers', strength: 0 })).toBeNull()
    expect(refusal({ strength: 0.01 })).toBeNull()
  })
})

test('every sampler runs under a1111', () => {
  for (const sampler of samplerNames) expect(refusal({ sampler })).toBeNull()
})
