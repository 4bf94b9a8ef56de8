import { setImmediate } from 'node:timers/promises'
import { checkRequest } from './check-request.ts'
import { type Conditions, encodeConditions } from './condition.ts'
import { blendInit, maskedDenoiser, renoisedDenoiser, softMask } from './denoise/masked.ts'
import { predictions } from './denoise/prediction.ts'
import { unetDenoiser } from './denoise/unet-denoiser.ts'
import { PipelineError } from './errors.ts'
import { correctColors } from './images/color-correction.ts'
import { encodeWorkingPicture, type InitLatents } from './latents.ts'
import type { LoadedModel, Model } from './models/load-model.ts'
import { imageSeeds, noiseSources } from './noise-sources.ts'
import { withRemedy } from './ort/device-error.ts'
import type { GeneratedImage, GenerateHooks, GenerateRequest, GenerateResult, RgbImage, Warning } from './request.ts'
import { batchRandn } from './rng/generator.ts'
import { samplers } from './samplers/samplers.ts'
import { makeSchedule } from './schedules/make-schedule.ts'
import { noiseTable } from './schedules/noise-table.ts'
import { planSteps } from './steps.ts'
import { decodeLatents } from './vae/vae.ts'
import { type WorkingPicture, workingPicture } from './working-picture.ts'

/**
 * Makes the pictures of one request. Nothing is kept between calls and nothing is shared but the model's sessions, so that
 * several generations may run in one process.
 *
 * @throws PipelineError: `not_supported`, `too_few_steps` and `empty_mask` before anything is computed; `canceled` between
 * steps; `bad_output`, `device_error`, `out_of_memory` from the model.
 */
export async function generate(
  model: Model,
  request: GenerateRequest,
  hooks: GenerateHooks = {},
): Promise<GenerateResult> {
  try {
    return await paint(model as LoadedModel, request, hooks)
  } catch (error) {
    throw withRemedy(error, request)
  }
}

async function paint(loaded: LoadedModel, request: GenerateRequest, hooks: GenerateHooks): Promise<GenerateResult> {
  checkRequest(loaded.description, request)
  if (request.kind === 'inpaint' && !request.mask) throw new TypeError('An inpaint request needs a mask.')
  const plan = planSteps(request.semantics, request.stepPolicy, request.steps, request.strength)
  const report = (phase: 'encoding' | 'denoising' | 'decoding', step: number): void =>
    hooks.onProgress?.({ phase, step, steps: plan.stepsRun })
  const warnings: Warning[] = []

  // 1. Pixels to latents, words to conditioning.
  const started = performance.now()
  report('encoding', 0)
  await breathe(hooks.signal)
  const picture = workingPicture(request)
  const conditions = plan.stepsRun > 0 ? await encodeConditions(loaded, request, warnings) : null
  await breathe(hooks.signal)
  const latents = await encodeWorkingPicture(loaded, request, picture, () => breathe(hooks.signal))
  warnAboutModel(loaded, request, warnings)
  const encoded = performance.now()

  // 2. Noise, then step by step to clean latents.
  let x = repeated(latents.init, request)
  let modelCalls = 0
  if (conditions) {
    report('denoising', 0)
    const result = await denoise(loaded, request, latents, conditions, plan, hooks)
    x = result.x
    modelCalls = result.modelCalls
  }
  const denoised = performance.now()

  // 3. Latents to pixels, and back into the original.
  report('decoding', plan.stepsRun)
  const images = await decode(loaded, request, picture, x, hooks.signal)
  if (loaded.vae.encoder.inFloat32() || loaded.vae.decoder.inFloat32()) {
    warnings.push({ code: 'vae_float32_retry', message: "The model's float16 VAE overflows: it was run in float32." })
  }
  return {
    images,
    stepsRun: plan.stepsRun,
    modelCalls,
    warnings,
    timings: {
      encodeMs: encoded - started,
      denoiseMs: denoised - encoded,
      decodeMs: performance.now() - denoised,
    },
  }
}

async function denoise(
  model: LoadedModel,
  request: GenerateRequest,
  { init, mask, inpaint }: InitLatents,
  conditions: Conditions,
  plan: ReturnType<typeof planSteps>,
  hooks: GenerateHooks,
): Promise<{ x: Float32Array; modelCalls: number }> {
  const { folder } = model
  const { semantics, sampler, numImages: images } = request
  const [height, width] = [request.height / 8, request.width / 8]
  const isDiffusers = semantics === 'diffusers'
  const table = noiseTable(folder.scheduler.noise)
  const schedule = makeSchedule({
    semantics,
    sampler,
    schedule: request.schedule,
    steps: plan.scheduleSteps,
    table,
    config: folder.scheduler,
    isXl: folder.unet.pooled !== null,
  })
  const sigmas = schedule.sigmas.slice(plan.scheduleSteps - plan.stepsRun)

  const unet = unetDenoiser(model.unet, folder.unet, {
    ...conditions,
    images,
    imagesPerRun: model.device === 'cpu' ? 1 : images,
    height,
    width,
    inpaint,
    guidanceScale: request.guidanceScale,
    guidanceRescale: request.guidanceRescale,
    prediction: predictions[folder.scheduler.prediction],
    timestepOf: schedule.timestep,
  })
  const maskAt = mask && (request.soft ? softMask(mask, schedule.timestep, schedule.timestep(sigmas[0])) : () => mask)

  const noise = batchRandn(noiseSources(request, { channels: 4, height, width }))
  const x = new Float32Array(images * 4 * height * width)
  noise(x)
  const firstNoise = isDiffusers && mask && folder.unet.channels === 4 ? x.slice() : null
  const denoiser =
    firstNoise && mask
      ? renoisedDenoiser(unet.denoise, init, firstNoise, mask)
      : maskAt && !isDiffusers
        ? maskedDenoiser(unet.denoise, init, maskAt)
        : unet.denoise

  const startsFromNoise = isDiffusers && request.kind === 'inpaint' && request.strength === 1
  const scale = startsFromNoise ? schedule.pureNoise : sigmas[0]
  for (let k = 0; k < x.length; k++) x[k] = x[k] * scale + (startsFromNoise ? 0 : init[k % init.length])

  for await (const step of samplers[sampler].sample(denoiser, x, sigmas, noise)) {
    hooks.onProgress?.({ phase: 'denoising', step: step.step, steps: plan.stepsRun })
    hooks.onLatents?.(step.denoised, { images, height, width }, step.step)
    await breathe(hooks.signal)
  }
  if (maskAt && !isDiffusers) blendInit(x, init, request.soft ? maskAt(0) : (mask ?? maskAt(0)))
  for (let k = 0; k < x.length; k++) x[k] *= schedule.resultScale
  if (firstNoise && mask) blendInit(x, init, mask)
  return { x, modelCalls: unet.calls() }
}

async function decode(
  model: LoadedModel,
  request: GenerateRequest,
  picture: WorkingPicture,
  x: Float32Array,
  signal: AbortSignal | undefined,
): Promise<GeneratedImage[]> {
  const length = x.length / request.numImages
  const rounding = request.semantics === 'diffusers' ? 'round' : 'truncate'
  const results: GeneratedImage[] = []
  for (const [i, seeds] of imageSeeds(request).entries()) {
    await breathe(signal)
    const one = x.subarray(i * length, (i + 1) * length)
    const decoded = await decodeLatents(model.vae, one, request, rounding, () => breathe(signal))
    if (isBlack(decoded) && !isBlack(picture.image)) {
      throw new PipelineError('bad_output', 'The model gave an all-black picture. Its weights may be broken.')
    }
    const colored = request.colorCorrection ? correctColors(decoded, picture.image) : decoded
    results.push({ image: picture.finish(colored), ...seeds })
  }
  return results
}

function isBlack({ data }: RgbImage): boolean {
  return data.every((value) => value === 0)
}

/** The clean latents once for each image. */
function repeated(init: Float32Array, { numImages, width, height }: GenerateRequest): Float32Array {
  const x = new Float32Array(numImages * 4 * (height / 8) * (width / 8))
  for (let start = 0; start < x.length; start += init.length) x.set(init, start)
  return x
}

function warnAboutModel({ folder, description }: LoadedModel, request: GenerateRequest, warnings: Warning[]): void {
  if (folder.samplesInEncoder) {
    warnings.push({
      code: 'sampled_encoder',
      message: 'This export draws noise of its own when it encodes a picture: equal requests may differ slightly.',
    })
  }
  if (description.inpaintChannels === 9 && request.kind === 'img2img') {
    warnings.push({
      code: 'inpaint_model_without_mask',
      message: 'This is an inpaint model: without a mask it was told to repaint everything.',
    })
  }
}

/** Lets the process read its messages, then stops if one of them was a cancel. */
async function breathe(signal: AbortSignal | undefined): Promise<void> {
  await setImmediate()
  if (signal?.aborted) throw new PipelineError('canceled', 'The generation was canceled.')
}
