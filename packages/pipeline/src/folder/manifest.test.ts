import { describe, expect, test } from 'vitest'
import { families } from './families.ts'
import { parseManifest } from './manifest.ts'

const { latents } = families.sd1

test('says only what is there', () => {
  expect(parseManifest(null, latents, 'pentimento.json')).toEqual({})
  expect(parseManifest({ unknown: 1 }, latents, 'pentimento.json')).toEqual({})
})

test('a multiple is kept where it is said', () => {
  expect(parseManifest({ sizes: { max: 1024, multiple: 64 } }, latents, 'pentimento.json')).toEqual({
    sizes: { min: 64, max: 1024, multiple: 64 },
  })
  expect(parseManifest({ sizes: { min: 32 } }, latents, 'pentimento.json')).toEqual({ sizes: { min: 32, max: 2048 } })
})

test('reads every member', () => {
  const manifest = parseManifest(
    {
      id: 'still-life',
      title: 'Still Life',
      description: 'Paints fruit.',
      license: 'MIT',
      native_size: 64,
      sizes: { min: 32, max: 128 },
      defaults: {
        steps: 25,
        guidance_scale: 3,
        sampler: 'dpmpp_2m',
        schedule: 'karras',
        strength: 0.6,
        prompt: 'a pear',
      },
      prompts: ['a photo of a pear'],
      vocabulary: ['pear', 'apple'],
      previews: { factors: Array(4).fill([1, 2, 3]) },
    },
    latents,
    'pentimento.json',
  )
  expect(manifest).toEqual({
    id: 'still-life',
    title: 'Still Life',
    description: 'Paints fruit.',
    licence: 'MIT',
    nativeSize: 64,
    sizes: { min: 32, max: 128 },
    defaults: { steps: 25, guidanceScale: 3, sampler: 'dpmpp_2m', schedule: 'karras', strength: 0.6, prompt: 'a pear' },
    prompts: ['a photo of a pear'],
    vocabulary: ['pear', 'apple'],
    previews: { factors: Array(4).fill([1, 2, 3]), bias: [0, 0, 0] },
  })
})

describe('refuses, naming the member', () => {
  test.each<[Record<string, unknown>, RegExp]>([
    [{ native_size: 500 }, /native_size is 500/],
    [{ sizes: { max: -8 } }, /max is -8/],
    [{ sizes: { min: 512, max: 128 } }, /sizes are 512 to 128/],
    [{ defaults: { steps: 0 } }, /defaults\.steps is 0, not 1 to 150/],
    [{ defaults: { sampler: 'DPM++ 2M' } }, /defaults\.sampler is "DPM\+\+ 2M", none of euler/],
    [{ defaults: { schedule: 'fast' } }, /defaults\.schedule/],
    [{ previews: { factors: [[1, 2, 3]] } }, /4 rows of 3/],
    [{ previews: { factors: Array(4).fill([1, 2, 3]), bias: [1] } }, /previews\.bias/],
    [{ title: 'x'.repeat(201) }, /title is longer than 200/],
    [{ description: 'x'.repeat(2001) }, /description is longer than 2000/],
    [{ prompts: Array(101).fill('x') }, /prompts are more than 100/],
    [{ vocabulary: ['x'.repeat(101)] }, /vocabulary are more than 10000, or longer than 100/],
  ])('%j', (json, reason) => {
    expect(() => parseManifest(json, latents, 'pentimento.json')).toThrow(reason)
    expect(() => parseManifest(json, latents, 'mine.json')).toThrow(
      expect.objectContaining({ code: 'model_unusable', message: expect.stringMatching(/^mine\.json: .*\.$/) }),
    )
  })
})
