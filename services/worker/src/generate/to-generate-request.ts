import type { JobRequest } from '@pentimento/contracts'
import type { GenerateRequest } from '@pentimento/pipeline'
import { type Input, maskOf, sourceOf } from './inputs.ts'

/**
 * What the pipeline runs for an accepted job. The wire's `null` marks an option without effect: the pipeline gets that
 * option's default, and does not look at it.
 */
export function toGenerateRequest(request: JobRequest, inputs: readonly Input[]): GenerateRequest {
  const p = request.parameters
  const mask = maskOf(inputs)
  const inpaint = request.kind === 'inpaint' ? request.parameters : null
  return {
    kind: request.kind,
    image: sourceOf(inputs),
    ...(mask && { mask }),
    prompt: p.prompt,
    negativePrompt: p.negative_prompt,
    width: p.width,
    height: p.height,
    resizeMode: p.resize_mode,
    strength: p.strength,
    steps: p.steps,
    stepPolicy: p.step_policy,
    sampler: p.sampler,
    schedule: p.schedule,
    guidanceScale: p.guidance_scale,
    guidanceRescale: p.guidance_rescale,
    clipSkip: p.clip_skip,
    seed: p.seed,
    numImages: p.num_images,
    variationSeed: p.variation_seed ?? 0,
    variationStrength: p.variation_strength,
    rng: p.rng,
    semantics: p.semantics,
    colorCorrection: p.color_correction,
    maskGrow: inpaint?.mask_grow ?? 0,
    maskBlur: inpaint?.mask_blur ?? 0,
    maskedContent: inpaint?.masked_content ?? 'original',
    inpaintArea: inpaint?.inpaint_area ?? 'whole',
    maskPadding: inpaint?.mask_padding ?? 0,
    composite: inpaint?.composite ?? false,
    soft: inpaint?.soft ?? false,
  }
}
