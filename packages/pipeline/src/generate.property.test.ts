import { planSteps, samplerNames, scheduleNames } from '@pentimento/vocabulary'
import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { type GenerateRequest, generate, loadModel, PipelineError } from './index.ts'
import { fixtureModel, plainRequest } from './parity/pipeline-cases.ts'

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
const eighth = fc.integer({ min: 8, max: 12 }).map((n) => n * 8)
const requests: fc.Arbitrary<GenerateRequest> = fc.record({
  kind: fc.constantFrom('img2img', 'inpaint'),
  image: raster(3),
  mask: raster(1),
  prompt: fc.constantFrom('', 'a pear', '(red:1.3) apple BREAK leaf', 'x, '.repeat(90), '[a|b]', '🍓 \\('),
  negativePrompt: fc.constantFrom('', 'dark'),
  width: eighth,
  height: eighth,
  resizeMode: fc.constantFrom('stretch', 'crop', 'fill', 'latent'),
  strength: fc.constantFrom(0, 0.01, 0.3, 0.75, 0.999, 1),
  steps: fc.integer({ min: 1, max: 6 }),
  stepPolicy: fc.constantFrom('proportional', 'exact'),
  sampler: fc.constantFrom(...samplerNames),
  schedule: fc.constantFrom(...scheduleNames),
  guidanceScale: fc.constantFrom(1, 7, 30),
  guidanceRescale: fc.constantFrom(0, 0.7, 1),
  clipSkip: fc.constantFrom(1, 1, 1, 2, 12),
  seed: fc.nat(4294967290),
  numImages: fc.integer({ min: 1, max: 3 }),
  variationSeed: fc.nat(4294967290),
  variationStrength: fc.constantFrom(0, 0.5, 1),
  rng: fc.constantFrom('cpu', 'nv'),
  semantics: fc.constantFrom('a1111', 'a1111', 'a1111', 'diffusers'),
  colorCorrection: fc.boolean(),
  maskGrow: fc.constantFrom(0, 3, 128),
  maskBlur: fc.constantFrom(0, 4, 64),
  maskedContent: fc.constantFrom('original', 'fill', 'noise', 'empty'),
  inpaintArea: fc.constantFrom('whole', 'masked'),
  maskPadding: fc.constantFrom(0, 32, 256),
  composite: fc.boolean(),
  soft: fc.boolean(),
})

test('every request gives pictures of the promised size and number, or says why not', async () => {
  let pictures = 0
  await fc.assert(
    fc.asyncProperty(requests, fc.constantFrom(...models), async (drawn, model) => {
      // Long schedules are left to other tests.
      fc.pre(planSteps(drawn.semantics, drawn.stepPolicy, drawn.steps, drawn.strength).scheduleSteps < 1000)
      const request = { ...plainRequest, ...drawn }
      try {
        const { images, stepsRun } = await generate(model, request)
        expect(images).toHaveLength(request.numImages)
        const keepsSize = request.kind === 'inpaint' && request.inpaintArea === 'masked'
        const { width, height } = keepsSize ? request.image : request
        for (const { image } of images) {
          expect([image.width, image.height, image.data.length]).toEqual([width, height, width * height * 3])
        }
        expect(stepsRun).toBeLessThanOrEqual(request.steps)
        pictures++
      } catch (error) {
        expect(error).toBeInstanceOf(PipelineError)
        expect(['not_supported', 'too_few_steps', 'empty_mask']).toContain((error as PipelineError).code)
      }
    }),
    { numRuns: 200 },
  )
  expect(pictures).toBeGreaterThan(40)
}, 120_000)
