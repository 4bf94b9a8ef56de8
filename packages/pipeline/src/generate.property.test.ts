import {
  camelCased,
  type Field,
  type Fields,
  fromNoise,
  maskFields,
  pictureFields,
  planSteps,
  samplerNames,
  scheduleNames,
  settingsOf,
  textFields,
  type Values,
} from '@pentimento/vocabulary'
import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { type GenerateRequest, generate, loadModel, PipelineError } from './index.ts'
import { fixtureModel } from './parity/pipeline-cases.ts'
import type { InpaintRequest, PictureSettings, TextSettings } from './request.ts'

const models = await Promise.all(
  ['tiny-sd1', 'tiny-sd1-inpaint', 'tiny-sd2'].map((name) =>
    loadModel(fixtureModel(name), { device: 'cpu', threads: 1 }),
  ),
)
afterAll(() => Promise.all(models.map((model) => model.dispose())))

const side = fc.integer({ min: 1, max: 90 })
const raster = (channels: number) =>
  fc
    .record({ width: side, height: side, tone: fc.nat(255), spread: fc.nat(255) })
    .map(({ width, height, tone, spread }) => ({
      width,
      height,
      data: Uint8Array.from({ length: width * height * channels }, (_, i) => tone + ((i * spread) % 97)),
    }))

/** Any value of a field. */
function anyValue(field: Field): fc.Arbitrary<unknown> {
  switch (field.type) {
    case 'integer':
      return fc.integer({ min: Math.max(0, field.min), max: field.max })
    case 'number':
      return fc.constantFrom(field.min, (field.min + field.max) / 2, field.max)
    case 'choice':
      return fc.constantFrom(...field.values)
    case 'flag':
      return fc.boolean()
    case 'sampler':
      return fc.constantFrom(...samplerNames)
    case 'schedule':
      return fc.constantFrom(...scheduleNames)
    case 'prompt':
      return fc.constantFrom('', 'a pear', '(red:1.3) apple BREAK leaf', 'x, '.repeat(90), '[a|b]', '🍓 \\(')
    case 'loras':
    case 'name':
      throw new Error('of a model, and not of a picture')
  }
}
const anySettings = <T extends Fields>(fields: T) =>
  fc
    .record(Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, anyValue(field)])))
    .map((values) => settingsOf(fields, values as Values<T>))

const eighth = fc.integer({ min: 8, max: 12 }).map((n) => n * 8)
/** What would take long, or be refused more often than not, is drawn from less. */
const narrowed = fc.record({
  width: eighth,
  height: eighth,
  steps: fc.integer({ min: 1, max: 6 }),
  numImages: fc.integer({ min: 1, max: 3 }),
  strength: fc.constantFrom(0, 0.01, 0.3, 0.75, 0.999, 1),
  seed: fc.nat(4294967290),
  variationSeed: fc.nat(4294967290),
  clipSkip: fc.constantFrom(1, 1, 1, 2, 12),
  semantics: fc.constantFrom('a1111' as const, 'a1111', 'a1111', 'diffusers'),
})
const settings = fc
  .tuple(anySettings(pictureFields), narrowed)
  .map(([any, own]): PictureSettings => ({ ...any, ...own }))
const textSettings = fc
  .tuple(anySettings(textFields), narrowed)
  .map(([any, { strength: _, ...own }]): TextSettings => ({ ...any, ...own }))
const by = fc.constantFrom(0, 0, 0, 7, 40)
const extensions = fc.record({ extendLeft: by, extendTop: by, extendRight: by, extendBottom: by })
const requests: fc.Arbitrary<GenerateRequest> = fc.oneof(
  textSettings.map((own): GenerateRequest => ({ ...own, kind: 'txt2img', image: null, inpaint: null })),
  fc
    .tuple(settings, raster(3))
    .map(([own, image]): GenerateRequest => ({ ...own, kind: 'img2img', image, inpaint: null })),
  fc.tuple(settings, raster(3), anySettings(maskFields), raster(1), extensions).map(
    ([own, image, ofMask, mask, extension]): GenerateRequest => ({
      ...own,
      kind: 'inpaint',
      image,
      inpaint: { ...ofMask, ...extension, mask },
    }),
  ),
)

function canvasOf({ image, inpaint }: InpaintRequest): { width: number; height: number } {
  return {
    width: inpaint.extendLeft + image.width + inpaint.extendRight,
    height: inpaint.extendTop + image.height + inpaint.extendBottom,
  }
}

test('every request gives pictures of the promised size and number, or says why not', async () => {
  let pictures = 0
  await fc.assert(
    fc.asyncProperty(requests, fc.constantFrom(...models), async (request, model) => {
      // Long schedules are left to other tests.
      const { semantics, stepPolicy, steps, strength } = { ...camelCased(fromNoise), ...request }
      fc.pre(planSteps(semantics, stepPolicy, steps, strength).scheduleSteps < 1000)
      try {
        const { images, stepsRun } = await generate(model, request)
        expect(images).toHaveLength(request.numImages)
        const keepsSize = request.kind === 'inpaint' && request.inpaint.inpaintArea === 'masked'
        const { width, height } = keepsSize ? canvasOf(request) : request
        for (const { image } of images) {
          expect([image.width, image.height, image.data.length]).toEqual([width, height, width * height * 3])
        }
        expect(stepsRun).toBeLessThanOrEqual(request.steps)
        pictures++
      } catch (error) {
        expect(error).toBeInstanceOf(PipelineError)
        const { code, message } = error as PipelineError
        // Models of random weights may paint all black under much guidance.
        if (!message.startsWith('The model gave an all-black picture.'))
          expect(['not_supported', 'too_few_steps', 'empty_mask']).toContain(code)
      }
    }),
    { numRuns: 200 },
  )
  expect(pictures).toBeGreaterThan(40)
}, 120_000)
