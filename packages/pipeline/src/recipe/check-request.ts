import { camelCased, fromNoise, refusals } from '@pentimento/vocabulary'
import { PipelineError } from '../errors.ts'
import type { ModelDescription } from '../folder/description.ts'
import type { MaskSettings, PictureSettings, TextSettings } from '../request.ts'

/** A request without its pictures: what can be judged before they are decoded. `inpaint` is null without a mask. */
export type RequestOptions = (PictureSettings & { inpaint: MaskSettings | null }) | (TextSettings & { inpaint: null })

/**
 * Refuses up front what this model, or the asked-for semantics, cannot do. What only a run shows (prompts of
 * several chunks where an export takes one) is refused then.
 *
 * @throws PipelineError `not_supported` or `too_few_steps`.
 */
export function checkRequest(model: ModelDescription, request: RequestOptions): void {
  checkSize(model, request)
  checkClipSkip(model, request)
  const [refusal] = refusals({ ...camelCased(fromNoise), ...request }, model)
  if (refusal) throw new PipelineError(refusal.code, `${refusal.field}: ${refusal.reason}.`)
}

function checkSize({ sizes }: ModelDescription, { width, height }: RequestOptions): void {
  const { min, max, multiple } = sizes
  for (const side of [width, height]) {
    if (side % multiple !== 0 || side < min || side > max) {
      refuse(
        `This model works on sides of ${min} to ${max} pixels in multiples of ${multiple}, not on ${width}×${height}`,
      )
    }
  }
}

function checkClipSkip({ maxClipSkip }: ModelDescription, { clipSkip }: RequestOptions): void {
  if (clipSkip <= maxClipSkip) return
  refuse(
    maxClipSkip === 1
      ? 'Of this model no earlier layer of a text encoder can be read, so that clip_skip can only be 1'
      : `This model's text encoder has layers for a clip_skip of 1 to ${maxClipSkip}, not ${clipSkip}`,
  )
}

function refuse(reason: string): never {
  throw new PipelineError('not_supported', `${reason}.`)
}
