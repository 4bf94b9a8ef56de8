import { expect, it } from 'vitest'
import { embeddedMetadata } from './embedded-metadata.ts'
import { img2imgRequest, inpaintRequest, txt2imgRequest } from './testing/job-requests.ts'

const seeds = { index: 0, seed: 42, variationSeed: null }

it('writes the text that AUTOMATIC1111 writes', () => {
  const request = img2imgRequest({
    prompt: 'a photo of a strawberry',
    negative_prompt: 'blurry, grey',
    guidance_scale: 11,
    schedule: 'karras',
    clip_skip: 2,
  })
  expect(embeddedMetadata(request, seeds).parametersText).toBe(
    'a photo of a strawberry\nNegative prompt: blurry, grey\n' +
      'Steps: 25, Sampler: DPM++ 2M, Schedule type: Karras, CFG scale: 11, Seed: 42, Size: 64x64, Model: tiny-sd1, ' +
      'Denoising strength: 0.75, Clip skip: 2, RNG: CPU, Version: Pentimento',
  )
})

it('says nothing of a strength where nothing was begun from', () => {
  expect(embeddedMetadata(txt2imgRequest(), seeds).parametersText).toBe(
    'a red circle\nSteps: 25, Sampler: DPM++ 2M, Schedule type: Automatic, CFG scale: 7, Seed: 42, Size: 64x64, ' +
      'Model: tiny-sd1, RNG: CPU, Version: Pentimento',
  )
})

it('names LoRAs, embeddings and their hashes as they are named there', () => {
  const loras = [
    { name: 'detail', weight: 0.5, text_weight: 0.5 },
    { name: 'style', weight: -1, text_weight: 0 },
  ]
  const base = img2imgRequest({ prompt: 'a pear' })
  const request = { ...base, parameters: { ...base.parameters, loras } } as typeof base
  const { parametersText } = embeddedMetadata(request, seeds, {
    loras: { detail: '0123456789ab', style: 'ba9876543210' },
    embeddings: { 'bad: hands, v2': '00112233aabb' },
  })
  expect(parametersText).toMatch(/^a pear <lora:detail:0\.5> <lora:style:0:-1>\n/)
  expect(parametersText).toContain(
    ', Lora hashes: "detail: 0123456789ab, style: ba9876543210", TI hashes: "bad hands v2: 00112233aabb", Version',
  )
})

it('tells how a picture became larger, as hires. fix and extras do', () => {
  const text = (base: ReturnType<typeof img2imgRequest> | ReturnType<typeof txt2imgRequest>, change: object) =>
    embeddedMetadata({ ...base, parameters: { ...base.parameters, ...change } } as typeof base, seeds).parametersText
  const twice = { upscale: 2, upscaler: 'lanczos' }
  expect(text(img2imgRequest(), twice)).toContain(', Postprocess upscale by: 2, Postprocess upscaler: Lanczos, Version')
  const again = { ...twice, upscaler: 'sharp', hires_strength: 0.4, hires_steps: 12 }
  const hires = 'Hires upscale: 2, Hires steps: 12, Hires upscaler: sharp, Version'
  expect(text(txt2imgRequest(), again)).toContain(`Denoising strength: 0.4, RNG: CPU, ${hires}`)
  expect(text(img2imgRequest(), again)).toContain(`Denoising strength: 0.75, RNG: CPU, Hires strength: 0.4, ${hires}`)
})

it('tells of a mask and its area, and of variation seeds', () => {
  const request = inpaintRequest({
    inpaint_area: 'masked',
    mask_padding: 32,
    masked_content: 'noise',
    variation_strength: 0.5,
    extend_left: 64,
    extend_bottom: 8,
  })
  const { parametersText } = embeddedMetadata(request, { index: 1, seed: 42, variationSeed: 8 })
  expect(parametersText).toContain('Variation seed: 8, Variation seed strength: 0.5, Denoising strength')
  expect(parametersText).toContain(
    'Mask blur: 4, Inpaint area: Only masked, Masked area padding: 32, Masked content: latent noise, ' +
      'Extended: left 64 bottom 8, Version',
  )
})

it('quotes what would break the list', () => {
  const request = { ...img2imgRequest(), model: 'a, b: c' }
  expect(embeddedMetadata(request, seeds).parametersText).toContain('Model: "a, b: c", ')
})

it('carries every effective value, and nothing of the moment', () => {
  const request = img2imgRequest({ seed: 42 })
  const json = JSON.parse(embeddedMetadata(request, seeds).json)
  expect(json).toEqual({
    kind: 'img2img',
    model: 'tiny-sd1',
    image: { index: 0, seed: 42, variation_seed: null },
    parameters: request.parameters,
  })
})
