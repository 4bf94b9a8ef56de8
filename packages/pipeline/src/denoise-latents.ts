import { breathe } from './breathe.ts'
import type { Conditions } from './condition.ts'
import { blendInit, maskedDenoiser, renoisedDenoiser, softMask } from './denoise/masked.ts'
import { predictions } from './denoise/prediction.ts'
import { unetDenoiser } from './denoise/unet-denoiser.ts'
import type { InitLatents } from './latents.ts'
import type { LoadedModel } from './models/load-model.ts'
import { noiseSources } from './noise-sources.ts'
import type { GenerateHooks, GenerateRequest } from './request.ts'
import { batchRandn } from './rng/generator.ts'
import type { Denoiser } from './samplers/sampler.ts'
import type { Run } from './schedules/schedule.ts'

/**
 * Latents up to which a CPU computes both halves of guidance in one run, 256 × 256 pixels: there a run is short, and its overhead
 * counts. Larger ones take half the memory one after the other, and no more time (docs/performance.md).
 */
const joinedLatents = 32 * 32

/**
 * Takes the steps of the schedule that `strength` left, from the init latents with noise to clean latents.
 *
 * @returns all images' latents, planar [images, 4, height/8, width/8], and how often the model was asked
 */
export async function denoiseLatents(
  model: LoadedModel,
  request: GenerateRequest,
  latents: InitLatents,
  conditions: Conditions,
  run: Run,
  hooks: GenerateHooks,
): Promise<{ x: Float32Array; modelCalls: number }> {
  const { numImages: images } = request
  const [height, width] = [request.height / 8, request.width / 8]
  const unet = unetDenoiser(model.unet, model.folder.unet, {
    ...conditions,
    images,
    imagesPerRun: model.device === 'cpu' ? 1 : images,
    joinBranches: model.device !== 'cpu' || height * width <= joinedLatents,
    height,
    width,
    inpaint: latents.inpaint,
    guidanceScale: request.guidanceScale,
    guidanceRescale: request.guidanceRescale,
    prediction: predictions[model.folder.scheduler.prediction],
    timestepOf: run.timestep,
  })

  const noise = batchRandn(noiseSources(request, { channels: 4, height, width }))
  const x = new Float32Array(images * 4 * height * width)
  noise(x)
  const { denoise, finish } = withMask(unet.denoise, request, latents, run, model, x)
  addNoiseToInit(x, request, latents.init, run)

  for await (const step of run.sample(denoise, x, run.sigmas, noise)) {
    hooks.onProgress?.({ phase: 'denoising', step: step.step, steps: step.steps })
    hooks.onLatents?.(step.denoised, { images, height, width }, step.step)
    await breathe(hooks.signal)
  }
  for (let k = 0; k < x.length; k++) x[k] *= run.resultScale
  finish(x)
  return { x, modelCalls: unet.calls() }
}

/** In place, `x` being unit noise. Only diffusers' inpainting at full strength starts from noise alone. */
function addNoiseToInit(x: Float32Array, request: GenerateRequest, init: Float32Array, run: Run): void {
  const isNoiseAlone = request.semantics === 'diffusers' && request.kind === 'inpaint' && request.strength === 1
  const scale = isNoiseAlone ? run.pureNoise : run.sigmas[0]
  for (let k = 0; k < x.length; k++) x[k] = x[k] * scale + (isNoiseAlone ? 0 : init[k % init.length])
}

/** The denoiser that heeds the mask as the semantics want it, and what is done to the finished latents. */
function withMask(
  denoise: Denoiser,
  request: GenerateRequest,
  { init, mask }: InitLatents,
  { sigmas, timestep }: Run,
  model: LoadedModel,
  firstNoise: Float32Array,
): { denoise: Denoiser; finish: (x: Float32Array) => void } {
  if (!mask) return { denoise, finish: () => {} }
  if (request.semantics === 'diffusers') {
    // An inpaint model is trusted with the whole picture.
    if (model.folder.unet.channels === 9) return { denoise, finish: () => {} }
    return {
      denoise: renoisedDenoiser(denoise, init, firstNoise.slice(), mask, sigmas),
      finish: (x) => blendInit(x, init, mask),
    }
  }
  const timestepOf = (sigma: number): number => timestep(sigma, 0)
  const maskAt = request.soft ? softMask(mask, timestepOf, timestepOf(sigmas[0])) : () => mask
  return { denoise: maskedDenoiser(denoise, init, maskAt), finish: (x) => blendInit(x, init, maskAt(0)) }
}
