import {
  adapterFields,
  controlFields,
  extendFields,
  fileFields,
  maskFields,
  maskFileFields,
  pictureFields,
  referenceFields,
  upscaleFields,
  type Values,
} from '@pentimento/vocabulary'
import { z } from 'zod'
import { parameterShape } from './request-schema.ts'

const { prompt, negative_prompt, width, height, resize_mode, strength, steps, ...others } =
  parameterShape(pictureFields)
const reference = parameterShape(referenceFields)
const enlarged = parameterShape(upscaleFields)
const extended = parameterShape(extendFields)
/** Jobs of the version before have none of them. */
const controls = Object.fromEntries(
  Object.entries(parameterShape(controlFields)).map(([name, schema]) => [name, z._default(schema, null)]),
) as { [K in keyof Values<typeof controlFields>]: z.ZodDefault<z.ZodType<Values<typeof controlFields>[K]>> }

/**
 * Every effective value of a job: what was asked for, with the model's defaults and the drawn seed filled in. `null`
 * marks an option that has no effect given the others. This is also what the worker runs from and what is embedded in
 * the pictures.
 */
export const parameters = z.object({
  ...{ prompt, negative_prompt, width, height, resize_mode, strength, steps },
  steps_run: z.int().describe('sampler steps that really run'),
  ...others,
  /** Jobs of the version before have none. */
  loras: parameterShape(adapterFields).loras.default([]),
  reference_model: reference.reference_model.default(null),
  reference_scale: reference.reference_scale.default(null),
  ...controls,
  upscale: enlarged.upscale.default(1),
  upscaler: enlarged.upscaler.default(null),
  hires_strength: enlarged.hires_strength.default(0),
  hires_steps: enlarged.hires_steps.default(null),
  ...parameterShape(fileFields),
})

/** Those of a picture that begins from noise alone: what speaks of a source is not there. */
export const txt2imgParameters = z.object({
  ...parameters.omit({ resize_mode: true, strength: true, color_correction: true }).shape,
  step_policy: z.null().describe('of no effect: all steps run'),
})

/** What an inpaint job has besides. */
export const inpaintParameters = z.object({
  ...parameters.shape,
  ...parameterShape(maskFileFields),
  ...parameterShape(maskFields),
  /** Jobs of the version before have none. */
  extend_left: extended.extend_left.default(0),
  extend_top: extended.extend_top.default(0),
  extend_right: extended.extend_right.default(0),
  extend_bottom: extended.extend_bottom.default(0),
})

export type Txt2imgParameters = z.infer<typeof txt2imgParameters>
export type Parameters = z.infer<typeof parameters>
export type InpaintParameters = z.infer<typeof inpaintParameters>

/** Those of the values that a schema names, in its order. They were checked as fields, and types say the rest. */
export function valuesOf<Schema extends z.ZodObject>({ shape }: Schema, values: z.output<Schema>): z.output<Schema> {
  const own: Record<string, unknown> = {}
  for (const name in shape) own[name] = values[name]
  return own as z.output<Schema>
}
