import { samplerNames, scheduleNames, semanticsNames, stepPolicies } from '@pentimento/vocabulary'
import { z } from 'zod'

/**
 * Every effective value of a job: what was asked for, with the model's defaults and the drawn seed filled in. `null` marks an option that has no effect
 * given the others. This is also what the worker runs from and what is embedded in the pictures.
 */
export const parameters = z.object({
  prompt: z.string(),
  negative_prompt: z.string(),
  width: z.int(),
  height: z.int(),
  resize_mode: z.enum(['stretch', 'crop', 'fill', 'latent']),
  strength: z.number(),
  steps: z.int(),
  steps_run: z.int().describe('sampler steps that really run'),
  step_policy: z.enum(stepPolicies),
  sampler: z.enum(samplerNames),
  schedule: z.enum(scheduleNames),
  guidance_scale: z.number(),
  guidance_rescale: z.number(),
  clip_skip: z.int(),
  seed: z.int(),
  num_images: z.int(),
  variation_seed: z.int().nullable(),
  variation_strength: z.number(),
  rng: z.enum(['cpu', 'nv']),
  semantics: z.enum(semanticsNames),
  color_correction: z.boolean(),
  output_format: z.enum(['png', 'jpeg', 'webp']),
  output_quality: z.int().nullable(),
  embed_metadata: z.boolean(),
})

/** What an inpaint job has besides. */
export const inpaintParameters = z.object({
  ...parameters.shape,
  mask_mode: z.enum(['white', 'black', 'alpha']),
  mask_grow: z.int(),
  mask_blur: z.int(),
  masked_content: z.enum(['original', 'fill', 'noise', 'empty']),
  inpaint_area: z.enum(['whole', 'masked']),
  mask_padding: z.int().nullable(),
  composite: z.boolean(),
  soft: z.boolean(),
})

export type Parameters = z.infer<typeof parameters>
export type InpaintParameters = z.infer<typeof inpaintParameters>
