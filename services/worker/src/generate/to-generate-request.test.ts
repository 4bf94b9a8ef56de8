import { expect, it } from 'vitest'
import { img2imgRequest, inpaintRequest, txt2imgRequest } from './testing/job-requests.ts'
import { toGenerateRequest } from './to-generate-request.ts'

const image = { width: 1, height: 1, data: new Uint8Array(3) }
const mask = { width: 1, height: 1, data: new Uint8Array(1) }
const source = { name: 'image', role: 'source' as const, image }
const inputs = [source, { name: 'mask', role: 'mask' as const, image: mask }]

it('gives the pipeline the parameters that a picture is painted by, and nothing of files or of the job', () => {
  const request = toGenerateRequest(img2imgRequest({ guidance_scale: 11, num_images: 2 }), [source])
  expect(request).toMatchObject({ kind: 'img2img', image, guidanceScale: 11, numImages: 2, inpaint: null })
  for (const name of ['stepsRun', 'outputFormat', 'embedMetadata', 'maskBlur', 'guidance_scale'])
    expect(request).not.toHaveProperty(name)
})

it('begins from noise alone where there is no picture', () => {
  const request = toGenerateRequest(txt2imgRequest({ seed: 9 }), [])
  expect(request).toMatchObject({ kind: 'txt2img', image: null, seed: 9, width: 64, inpaint: null })
  for (const name of ['strength', 'resizeMode', 'stepPolicy', 'colorCorrection'])
    expect(request).not.toHaveProperty(name)
})

it('leaves what has no effect null', () => {
  expect(toGenerateRequest(inpaintRequest(), inputs)).toMatchObject({
    variationSeed: null,
    inpaint: { mask, maskBlur: 4, inpaintArea: 'whole', maskPadding: null },
  })
})

it('does not paint without the mask that it should keep to', () => {
  expect(() => toGenerateRequest(inpaintRequest(), [source])).toThrow('needs a mask')
})
