import { camelCased, enlargedSize, fromNoise, hiresSize, promptSteps } from '@pentimento/vocabulary'
import { PipelineError } from '../errors.ts'
import type { LoadedModel } from '../load-model.ts'
import { breathe } from '../recipe/breathe.ts'
import { checkRequest } from '../recipe/check-request.ts'
import type {
  Enlarging,
  GeneratedImage,
  GenerateHooks,
  GenerateRequest,
  GenerateResult,
  PictureRequest,
  RgbImage,
  Warning,
} from '../request.ts'
import { upscaleImage } from './upscale-image.ts'

type Paint = (model: LoadedModel, request: GenerateRequest, hooks: GenerateHooks) => Promise<GenerateResult>

/**
 * Paints, enlarges each picture, and where it is asked for paints each once more from there, with the noise of its own
 * seed: the order of AUTOMATIC1111's hires. fix
 * (modules/processing.py, sample_hr_pass). What was inpainted is inpainted again.
 *
 * @param paint without enlarging
 */
export async function paintLarger(
  model: LoadedModel,
  request: GenerateRequest,
  enlarging: Enlarging,
  hooks: GenerateHooks,
  paint: Paint,
): Promise<GenerateResult> {
  const upscaler = enlarging.upscaler && enlarging.factor > 1 ? await model.upscalers.open(enlarging.upscaler) : null
  const { hires } = enlarging
  if (hires) checkAgain(model, request, enlarging.factor, hires)
  const more = hires?.steps ?? 0
  const first = await paint(model, request, withMoreSteps(hooks, more))
  const started = performance.now()
  const images: GeneratedImage[] = []
  const seconds: GenerateResult[] = []
  for (const [i, one] of first.images.entries()) {
    const size = enlargedSize(one.image, enlarging.factor)
    const pause = () => breathe(hooks.signal)
    const to = hires && request.inpaint?.inpaintArea !== 'masked' ? againSize(model, request, enlarging.factor) : size
    const image = await upscaleImage(one.image, to, upscaler, pause)
    if (!hires) {
      images.push({ ...one, image })
      continue
    }
    const share = (step: number) => first.stepsRun + Math.floor((i * more + step) / first.images.length)
    const second = againFrom(request, one, image, againSize(model, request, enlarging.factor), hires)
    seconds.push(await paint(model, second, hooksOfSecond(hooks, share, first.stepsRun + more)))
    // What was found unsafe in the first painting stays so.
    const isFlagged = one.flagged === true
    images.push(...(seconds.at(-1)?.images ?? []).map((two) => (isFlagged ? { ...two, flagged: true } : two)))
  }
  const all = [first, ...seconds]
  const sum = (of: (result: GenerateResult) => number) => all.reduce((total, result) => total + of(result), 0)
  const warnings = all.flatMap((result) => result.warnings)
  return {
    ...first,
    images,
    stepsRun: first.stepsRun + (seconds[0]?.stepsRun ?? 0),
    modelCalls: sum(({ modelCalls }) => modelCalls),
    warnings: [...new Map(warnings.map((one): [string, Warning] => [`${one.code} ${one.message}`, one])).values()],
    timings: {
      ...first.timings,
      decodeMs: first.timings.decodeMs + performance.now() - started,
      shapeWarmupMs: sum(({ timings }) => timings.shapeWarmupMs),
    },
  }
}

function againSize({ description }: LoadedModel, request: GenerateRequest, factor: number) {
  return hiresSize(request, factor, description.sizes.multiple)
}

/** @throws PipelineError before anything is painted */
function checkAgain(
  model: LoadedModel,
  request: GenerateRequest,
  factor: number,
  hires: NonNullable<Enlarging['hires']>,
): void {
  if (request.semantics === 'diffusers')
    throw new PipelineError('not_supported', 'hires_strength: semantics diffusers has no second painting.')
  const nothing = { width: 1, height: 1, data: new Uint8Array(3) }
  const seeds = { seed: request.seed, variationSeed: request.variationSeed }
  checkRequest(model.description, againFrom(request, seeds, nothing, againSize(model, request, factor), hires))
}

function againFrom(
  request: GenerateRequest,
  { seed, variationSeed }: Pick<GeneratedImage, 'seed' | 'variationSeed'>,
  image: RgbImage,
  size: { width: number; height: number },
  { strength, steps }: NonNullable<Enlarging['hires']>,
): PictureRequest {
  const own = { ...camelCased(fromNoise), colorCorrection: false, stepPolicy: 'exact', resizeMode: 'stretch' } as const
  const stepsBefore = promptSteps(request.sampler, request.steps)
  const changed = { ...own, ...size, image, strength, steps, stepsBefore, seed, variationSeed, numImages: 1 }
  if (request.kind === 'inpaint')
    return { ...request, ...changed, inpaint: { ...request.inpaint, maskedContent: 'original' } }
  return { ...request, ...changed, kind: 'img2img', inpaint: null }
}

/** For a first painting that more steps follow. */
function withMoreSteps(hooks: GenerateHooks, more: number): GenerateHooks {
  const { onProgress } = hooks
  if (!onProgress || more === 0) return hooks
  return {
    ...hooks,
    onProgress: ({ phase, step, steps }) =>
      onProgress({ phase: phase === 'decoding' ? 'denoising' : phase, step, steps: steps + more }),
  }
}

function hooksOfSecond(hooks: GenerateHooks, share: (step: number) => number, steps: number): GenerateHooks {
  const { onProgress, onLatents } = hooks
  return {
    ...hooks,
    ...(onProgress && {
      onProgress: ({ phase, step }) =>
        onProgress({ phase: phase === 'encoding' ? 'denoising' : phase, step: share(step), steps }),
    }),
    ...(onLatents && { onLatents: (denoised, shape, step) => onLatents(denoised, shape, share(step)) }),
  }
}
