import type { JobWarning } from '@pentimento/contracts'
import { hiresSize, plainUpscaler } from '@pentimento/vocabulary'
import { fieldProblem } from '../../http/problem.ts'
import type { KnownModel } from '../../submit/find-model.ts'
import { fitSize, type Size, sizeText } from '../fit-size.ts'
import type { A1111Request } from './read-request.ts'
import { flagOf, integerOf, numberOf, type Sent, textOf } from './values.ts'

/** A second painting, at a larger size: the fields of `enable_hr` in native words. */
export interface Hires {
  /** With the size of the first painting. */
  fields: Record<string, unknown>
  warnings: JobWarning[]
  /** What was asked for and is another now. */
  replaced: string[]
}

const mostScale = 4

/**
 * What `txt2img` asks for beside its first painting (`modules/processing.py`, StableDiffusionProcessingTxt2Img); null
 * for nothing.
 *
 * @throws HttpProblem for what would have an effect that the second painting cannot have here
 */
export function hiresOf(sent: Sent, request: A1111Request): Hires | null {
  if (!flagOf(sent, 'enable_hr', false)) return null
  refuseOther(sent)
  const { upscaler, replaced } = upscalerOf(textOf(sent, 'hr_upscaler', 'Latent'), request.model)
  const steps = integerOf(sent, 'hr_second_pass_steps', 0, { min: 0, max: 150 })
  const { warnings, ...size } = fittedSizes(request.model, request, scaleOf(sent, request))
  const fields = {
    ...size,
    upscaler,
    hires_strength: numberOf(sent, 'denoising_strength', 0.75, { min: 0, max: 1 }),
    ...(steps > 0 && { hires_steps: steps }),
  }
  return { fields, warnings, replaced }
}

/** Its own prompts, sampler, scheduler and checkpoint, where they are not those of the first painting. */
function refuseOther(sent: Sent): void {
  for (const [name, first, usual] of [
    ['hr_prompt', 'prompt', ''],
    ['hr_negative_prompt', 'negative_prompt', ''],
    ['hr_sampler_name', 'sampler_name', 'Use same sampler'],
    ['hr_scheduler', 'scheduler', 'Use same scheduler'],
    ['hr_checkpoint_name', 'sd_model_checkpoint', 'Use same checkpoint'],
  ] as const) {
    const value = textOf(sent, name, '')
    if (value !== '' && value !== usual && value !== sent[first])
      throw fieldProblem('not_supported', name, `the second pass has the ${first} of the first one here`)
  }
}

/** How many times as long the sides become: `hr_resize_x` and `hr_resize_y` are stronger than `hr_scale`. */
function scaleOf(sent: Sent, { width, height }: Size): number {
  const side = (name: string) => integerOf(sent, name, 0, { min: 0, max: 16_384 })
  const [x, y] = [side('hr_resize_x') / width, side('hr_resize_y') / height]
  // The shape is the first painting's, up to a step of latents.
  if (x > 0 && y > 0 && Math.abs(x - y) * Math.max(width, height) > 8)
    throw fieldProblem('not_supported', 'hr_resize_x', 'the second pass has the shape of the first one here')
  const scale = Math.max(x, y) || numberOf(sent, 'hr_scale', 2, { min: 1, max: 100 })
  if (scale < 1 || scale > mostScale)
    throw fieldProblem('not_supported', 'hr_scale', `must make it 1 to ${mostScale} times as large`)
  return scale
}

/** Latents are enlarged by none: pictures are, as by its other upscalers. */
function upscalerOf(named: string, { adapters }: KnownModel): { upscaler: string; replaced: string[] } {
  if (/^(lanczos|none)$/i.test(named)) return { upscaler: plainUpscaler, replaced: [] }
  if (/^(latent|nearest)/i.test(named))
    return { upscaler: plainUpscaler, replaced: [`hr_upscaler ${named}`.slice(0, 100)] }
  // While no worker is there to say what it has, the job waits no longer than it would for one.
  if (adapters?.some(({ kind, name }) => kind === 'upscaler' && name === named) !== false)
    return { upscaler: named, replaced: [] }
  throw fieldProblem('not_supported', 'hr_upscaler', `could not find upscaler named ${named.slice(0, 100)}`)
}

/**
 * The size of the first painting and what it is enlarged by. Where the model cannot paint the second one, that is as
 * large as it can, the first as much smaller, and the result is scaled.
 */
function fittedSizes(model: KnownModel, asked: Size, scale: number) {
  const { min, max, multiple } = model.sizes
  const first = fitSize(asked, model)
  const second = hiresSize(first.painted, scale, multiple)
  const isPainted = first.painted.width === first.result.width && first.painted.height === first.result.height
  if (isPainted && Math.max(second.width, second.height) <= max)
    return { ...first.painted, upscale: scale, warnings: [] }
  const { painted, result } = fitSize({ width: asked.width * scale, height: asked.height * scale }, model)
  const least = Math.ceil(min / multiple) * multiple
  const smaller = (side: number) => Math.max(least, Math.floor(side / scale / multiple) * multiple)
  const [width, height] = [smaller(painted.width), smaller(painted.height)]
  const upscale = Math.max(1, Math.min(mostScale, painted.width / width, painted.height / height))
  const message = `painted at ${sizeText({ width, height })} and ${sizeText(hiresSize({ width, height }, upscale, multiple))}, which the model can, and scaled to ${sizeText(result)}`
  const warnings: JobWarning[] = [{ code: 'size_fitted', message }]
  return { width, height, upscale, metadata: { result_size: sizeText(result) }, warnings }
}
