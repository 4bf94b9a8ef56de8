import { guidedDenoiser } from '../denoise/guided-denoiser.ts'
import { blendInit, maskedDenoiser, renoisedDenoiser, softMask } from '../denoise/masked.ts'
import { type Prediction, predictions } from '../denoise/prediction.ts'
import { unetRunner } from '../denoise/unet-runner.ts'
import { PipelineError } from '../errors.ts'
import { latentSize } from '../folder/latent-space.ts'
import type { LoadedModel } from '../load-model.ts'
import type { GenerateHooks, GenerateRequest } from '../request.ts'
import { batchRandn } from '../rng/generator.ts'
import type { Denoiser } from '../samplers/sampler.ts'
import type { Run } from '../schedules/schedule.ts'
import { breathe } from './breathe.ts'
import type { Conditions } from './condition.ts'
import type { ControlsAt } from './control-pictures.ts'
import type { InitLatents } from './latents.ts'
import { likelyCause } from './likely-cause.ts'
import { noiseSources } from './noise-sources.ts'

/**
 * Latents up to which a CPU computes both halves of guidance in one run, 256 × 256 pixels: there a run is short, and
 * its overhead counts. Larger ones take half the memory one after the other, and no more time (docs/performance.md).
 */
const joinedLatents = 32 * 32

/**
 * Takes the steps of the schedule that `strength` left, from the init latents with noise to clean latents.
 *
 * @returns all images' latents, planar [images, channels, height, width], and how often the model was asked
 */
export async function denoiseLatents(
  model: LoadedModel,
  request: GenerateRequest,
  latents: InitLatents,
  { controls, ...conditions }: Conditions & { controls: ControlsAt },
  run: Run,
  hooks: GenerateHooks,
): Promise<{ x: Float32Array; modelCalls: number }> {
  const { numImages: images } = request
  const { channels } = model.folder.latents
  const { width, height } = latentSize(model.folder.latents, request)
  const prediction = predictions[model.folder.scheduler.prediction]
  const signature = model.folder.unet
  const runner = unetRunner(model.unet, signature, { channels, height, width }, hooks.weight)
  let stepsDone = 0
  const shareOf = (call: number): [number, number] =>
    run.calls === undefined
      ? [stepsDone / run.steps, (stepsDone + 1) / run.steps]
      : [call / run.calls, (call + 1) / run.calls]
  const unet = guidedDenoiser(runner.run, signature, {
    ...conditions,
    images,
    imagesPerRun: model.device === 'cpu' ? 1 : images,
    joinBranches: model.device !== 'cpu' || height * width <= joinedLatents,
    length: channels * height * width,
    inpaint: latents.inpaint,
    guidanceScale: request.guidanceScale,
    guidanceRescale: request.guidanceRescale,
    prediction,
    timestepOf: run.timestep,
    controlsAt: (call) => controls(...shareOf(call)),
  })

  const noise = batchRandn(noiseSources(request, { channels, height, width }))
  const x = new Float32Array(images * channels * height * width)
  noise(x)
  const { denoise, finish } = withMask(
    checked(unet.denoise, request, model),
    request,
    latents,
    run,
    model,
    prediction,
    x,
  )
  addNoiseToInit(x, request, latents.init, run, prediction)

  try {
    for await (const step of run.sample(denoise, x, run.sigmas, noise)) {
      stepsDone = step.step
      hooks.onProgress?.({ phase: 'denoising', step: step.step, steps: step.steps })
      hooks.onLatents?.(step.denoised, { images, height, width }, step.step)
      await breathe(hooks.signal)
    }
  } finally {
    runner.close()
  }
  for (let k = 0; k < x.length; k++) x[k] *= run.resultScale
  finish(x)
  return { x, modelCalls: unet.calls() }
}

/** A denoiser whose answers are numbers. @throws PipelineError `bad_output` where the model's are none */
function checked(denoise: Denoiser, request: GenerateRequest, { description }: LoadedModel): Denoiser {
  return async (x, sigma, out) => {
    await denoise(x, sigma, out)
    // One bad value spreads over the picture within a step, so a sum is enough to notice it.
    if (Number.isFinite(sumOf(out))) return
    const cause = likelyCause(request, description)
    throw new PipelineError('bad_output', `The model answered values that are not numbers. ${cause}`)
  }
}

function sumOf(values: Float32Array): number {
  let sum = 0
  for (let k = 0; k < values.length; k++) sum += values[k]
  return sum
}

/**
 * In place, `x` being unit noise. Where a picture is begun from, only diffusers' inpainting at full strength starts
 * from noise alone.
 */
function addNoiseToInit(
  x: Float32Array,
  request: GenerateRequest,
  init: Float32Array,
  run: Run,
  prediction: Prediction,
): void {
  const isNoiseAlone =
    request.kind === 'txt2img' ||
    (request.semantics === 'diffusers' && request.kind === 'inpaint' && request.strength === 1)
  const level = isNoiseAlone ? { init: 0, noise: run.pureNoise } : prediction(run.sigmas[0]).addNoise
  for (let k = 0; k < x.length; k++) x[k] = x[k] * level.noise + level.init * init[k % init.length]
}

/** The denoiser that heeds the mask as the semantics want it, and what is done to the finished latents. */
function withMask(
  denoise: Denoiser,
  request: GenerateRequest,
  { init, mask }: InitLatents,
  { sigmas, timestep }: Run,
  model: LoadedModel,
  prediction: Prediction,
  firstNoise: Float32Array,
): { denoise: Denoiser; finish: (x: Float32Array) => void } {
  if (!mask) return { denoise, finish: () => {} }
  if (request.semantics === 'diffusers') {
    // An inpaint model is trusted with the whole picture.
    if (model.description.isInpaintModel) return { denoise, finish: () => {} }
    return {
      denoise: renoisedDenoiser(denoise, init, firstNoise.slice(), mask, sigmas, prediction),
      finish: (x) => blendInit(x, init, mask),
    }
  }
  const timestepOf = (sigma: number): number => timestep(sigma, 0)
  const maskAt = request.inpaint?.soft ? softMask(mask, timestepOf, timestepOf(sigmas[0])) : () => mask
  return { denoise: maskedDenoiser(denoise, init, maskAt), finish: (x) => blendInit(x, init, maskAt(0)) }
}
