import { PipelineError } from './errors.ts'
import type { ModelDescription } from './models/description.ts'
import type { GenerateRequest } from './request.ts'
import { diffusersSchedule } from './schedules/diffusers-schedule.ts'
import { defaultSchedulerConfig } from './schedules/scheduler-config.ts'
import { planSteps } from './steps.ts'
import { unsupportedSyntax } from './text/unsupported-syntax.ts'

/** A request without its pictures: what can be judged before they are decoded. */
export type RequestOptions = Omit<GenerateRequest, 'image' | 'mask'>

/**
 * Refuses up front what this model, or the asked-for semantics, cannot do. What only a run shows (prompts of
 * several chunks where an export takes one) is refused then.
 *
 * @throws PipelineError `not_supported` or `too_few_steps`.
 */
export function checkRequest(model: ModelDescription, request: RequestOptions): void {
  checkSize(model, request)
  checkClipSkip(model, request)
  if (request.semantics === 'diffusers') checkDiffusers(request)
  else checkA1111(model, request)
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
      ? 'This model was exported without the earlier layers of its text encoder, so that clip_skip can only be 1'
      : `This model's text encoder has layers for a clip_skip of 1 to ${maxClipSkip}, not ${clipSkip}`,
  )
}

function checkA1111(model: ModelDescription, request: RequestOptions): void {
  for (const [field, prompt] of [
    ['prompt', request.prompt],
    ['negative_prompt', request.negativePrompt],
  ]) {
    const syntax = unsupportedSyntax(prompt)
    if (syntax) {
      refuse(
        `The ${field} uses ${syntax}, which is not supported. Leave it out, or put a backslash before a bracket that is meant as text`,
      )
    }
  }
  if (model.family.startsWith('sdxl') && request.clipSkip > 1) {
    refuse('AUTOMATIC1111 has no clip skip for SDXL. Leave clip_skip at 1, or take semantics "diffusers"')
  }
}

function checkDiffusers(request: RequestOptions): void {
  const { strength, steps } = request
  const only = 'take semantics "a1111" for it'
  if (request.variationStrength > 0) refuse(`diffusers has no variation seeds; ${only}`)
  if (request.soft) refuse(`diffusers has no soft masks; ${only}`)
  if (request.stepPolicy === 'exact') refuse(`diffusers has no step_policy "exact"; ${only}`)
  if (request.resizeMode === 'latent') refuse(`diffusers has no resize_mode "latent"; ${only}`)
  if (request.kind === 'inpaint' && request.maskedContent !== 'original') {
    refuse(`diffusers has no masked_content "${request.maskedContent}"; ${only}`)
  }
  if (strength > 0 && planSteps('diffusers', 'proportional', steps, strength).stepsRun === 0) {
    throw new PipelineError(
      'too_few_steps',
      `${steps} steps at strength ${strength} come to no step at all. Raise steps to at least ${Math.ceil(1 / strength)}.`,
    )
  }
  // Throws for what diffusers has no class or no option for; the model's own numbers do not matter to that.
  diffusersSchedule(request.schedule, request.sampler, steps, defaultSchedulerConfig)
}

function refuse(reason: string): never {
  throw new PipelineError('not_supported', `${reason}.`)
}
