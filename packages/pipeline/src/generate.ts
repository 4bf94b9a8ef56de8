import { camelCased, fromNoise, planSteps } from '@pentimento/vocabulary'
import { paintLarger } from './enlarge/enlarge.ts'
import { PipelineError } from './errors.ts'
import { type LatentSpace, latentSize } from './folder/latent-space.ts'
import type { LoadedModel, Model } from './load-model.ts'
import { withRemedy } from './ort/device-error.ts'
import { breathe } from './recipe/breathe.ts'
import { checkRequest } from './recipe/check-request.ts'
import { encodeConditions } from './recipe/condition.ts'
import { controlsOver } from './recipe/control-pictures.ts'
import { denoiseLatents } from './recipe/denoise-latents.ts'
import { extendCanvas } from './recipe/extend-canvas.ts'
import { encodeWorkingPicture } from './recipe/latents.ts'
import { likelyCause } from './recipe/likely-cause.ts'
import { imageSeeds } from './recipe/noise-sources.ts'
import { repaintedLatents } from './recipe/repainted-latents.ts'
import { watchShapes } from './recipe/watch-shapes.ts'
import { type WorkingPicture, workingPicture } from './recipe/working-picture.ts'
import type { GeneratedImage, GenerateHooks, GenerateRequest, GenerateResult, RgbImage, Warning } from './request.ts'
import { flagImage, withheld } from './safety/flag-image.ts'
import { makeRun } from './schedules/make-run.ts'
import type { Run } from './schedules/schedule.ts'
import { decodeLatents } from './vae/vae.ts'

/**
 * Makes the pictures of one request. Nothing is kept between calls and nothing is shared but the model's sessions, so
 * that several generations may run in one process.
 *
 * @throws PipelineError: `not_supported`, `too_few_steps` and `empty_mask` before anything is computed; `canceled`
 * between steps; `bad_output`, `device_error`, `out_of_memory` from the model.
 */
export async function generate(
  model: Model,
  asked: GenerateRequest,
  hooks: GenerateHooks = {},
): Promise<GenerateResult> {
  const request = extendCanvas(asked)
  try {
    const { enlarging } = request
    const result = enlarging
      ? await paintLarger(model as LoadedModel, request, enlarging, hooks, paint)
      : await paint(model as LoadedModel, request, hooks)
    return withheld(result, request)
  } catch (error) {
    throw withRemedy(error, request)
  }
}

async function paint(model: LoadedModel, request: GenerateRequest, hooks: GenerateHooks): Promise<GenerateResult> {
  let shapeWarmupMs = 0
  const loaded = watchShapes(model, (ms) => {
    shapeWarmupMs += ms
  })
  checkRequest(loaded.description, request)
  const run = runFor(loaded, request)
  const stepsRun = run?.steps ?? 0
  const report = (phase: 'encoding' | 'denoising' | 'decoding', step: number): void =>
    hooks.onProgress?.({ phase, step, steps: stepsRun })
  const warnings: Warning[] = [...loaded.folder.warnings]

  // 1. Pixels to latents, words to conditioning.
  const started = performance.now()
  report('encoding', 0)
  await breathe(hooks.signal)
  const repainted = request.inpaint ? repaintedLatents(request, loaded.folder.latents, run) : null
  const picture = request.kind === 'txt2img' ? null : workingPicture(request, repainted, loaded.folder.latents)
  const conditions = run ? await encodeConditions(loaded, request, warnings) : null
  await breathe(hooks.signal)
  const mask = repainted?.latents ?? null
  const latents = await encodeWorkingPicture(loaded, request, picture, mask, () => breathe(hooks.signal))
  warnAboutModel(loaded, request, warnings)
  const encoded = performance.now()

  // 2. Noise, then step by step to clean latents.
  let x = repeated(latents.init, request, loaded.folder.latents)
  let modelCalls = 0
  if (run && conditions) {
    report('denoising', 0)
    const controls = controlsOver(loaded.folder.unet.controls, request, repainted)
    const result = await denoiseLatents(loaded, request, latents, { ...conditions, controls }, run, hooks)
    x = result.x
    modelCalls = result.modelCalls
  }
  const denoised = performance.now()

  // 3. Latents to pixels, and back into the original.
  report('decoding', stepsRun)
  const images = await decode(loaded, request, picture, x, hooks)
  if (loaded.vae.encoder.inFloat32() || loaded.vae.decoder.inFloat32()) {
    warnings.push({ code: 'vae_float32_retry', message: "The model's float16 VAE overflows: it was run in float32." })
  }
  return {
    images,
    embeddings: conditions?.embeddings ?? [],
    stepsRun,
    modelCalls,
    warnings,
    timings: {
      encodeMs: encoded - started,
      denoiseMs: denoised - encoded,
      decodeMs: performance.now() - denoised,
      shapeWarmupMs,
    },
  }
}

async function decode(
  model: LoadedModel,
  request: GenerateRequest,
  picture: WorkingPicture | null,
  x: Float32Array,
  hooks: GenerateHooks,
): Promise<GeneratedImage[]> {
  const { signal } = hooks
  const length = x.length / request.numImages
  const rounding = request.semantics === 'diffusers' ? 'round' : 'truncate'
  const results: GeneratedImage[] = []
  for (const [i, seeds] of imageSeeds(request).entries()) {
    await breathe(signal)
    const one = x.subarray(i * length, (i + 1) * length)
    const decoded = await decodeLatents(model.vae, one, request, rounding, () => breathe(signal))
    if (isWithin(decoded, 0) && !(picture && isWithin(picture.image, nearlyBlack))) {
      const cause = likelyCause(request, model.description)
      throw new PipelineError('bad_output', `The model gave an all-black picture. ${cause}`)
    }
    const image = picture ? picture.finish(decoded) : decoded
    results.push({ image, ...seeds, ...(await flagImage(request, hooks, decoded, image)) })
  }
  return results
}

/** What is painted over a picture this dark may well be black. */
const nearlyBlack = 8

function isWithin({ data }: RgbImage, most: number): boolean {
  return data.every((value) => value <= most)
}

/** Null at strength 0, which asks for no step. */
function runFor({ folder }: LoadedModel, request: GenerateRequest): Run | null {
  const { kind, semantics, sampler, schedule, stepPolicy, strength } = { ...camelCased(fromNoise), ...request }
  const { scheduleSteps: steps, stepsRun } = planSteps(semantics, stepPolicy, request.steps, strength)
  if (stepsRun === 0) return null
  const { scheduler: config, family } = folder
  return makeRun({ kind, semantics, sampler, schedule, steps, stepsRun, config, family: family.schedules })
}

/** The clean latents once for each image. */
function repeated(init: Float32Array, request: GenerateRequest, latents: LatentSpace): Float32Array {
  const { width, height } = latentSize(latents, request)
  const x = new Float32Array(request.numImages * latents.channels * height * width)
  for (let start = 0; start < x.length; start += init.length) x.set(init, start)
  return x
}

function warnAboutModel({ folder, description }: LoadedModel, request: GenerateRequest, warnings: Warning[]): void {
  const encodes = request.kind !== 'txt2img' || description.isInpaintModel
  if (encodes && folder.samplesInEncoder) {
    warnings.push({
      code: 'sampled_encoder',
      message: 'This export draws noise of its own when it encodes a picture: equal requests may differ slightly.',
    })
  }
  if (description.isInpaintModel && request.kind !== 'inpaint') {
    warnings.push({
      code: 'inpaint_model_without_mask',
      message: 'This is an inpaint model: without a mask it was told to repaint everything.',
    })
  }
}
