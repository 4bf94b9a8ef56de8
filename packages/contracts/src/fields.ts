import { z } from 'zod'
import { booleanField, jsonField, numberField } from './form.ts'
import { imageJobPattern } from './ids.ts'
import { limits } from './limits.ts'
import { resolveSampler, samplerNames } from './samplers.ts'
import { resolveSchedule, scheduleNames } from './schedules.ts'
import { webhookEventNames } from './webhook-events.ts'

const utf8Bytes = (text: string) => new TextEncoder().encode(text).length

const prompt = z
  .string()
  .max(limits.promptCharacters)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  .regex(/^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]*$/, 'must not contain control characters')
  .refine((text) => text.isWellFormed(), 'must be well-formed Unicode')
  .refine((text) => utf8Bytes(text) <= limits.promptBytes, `must be at most ${limits.promptBytes} bytes of UTF-8`)
/** The limit holds for the URL as it is requested, with everything beyond ASCII escaped. */
const url = z
  .url()
  .max(limits.urlCharacters)
  .refine((text) => (URL.parse(text)?.href.length ?? 0) <= limits.urlCharacters, {
    error: `must be at most ${limits.urlCharacters} characters when escaped`,
  })
const size = numberField(
  z
    .int()
    .min(limits.sizeMin)
    .max(limits.sizeMax)
    .multipleOf(limits.sizeMultiple, `must be a multiple of ${limits.sizeMultiple}`),
)
const integer = (min: number, max: number) => numberField(z.int().min(min).max(max))
const real = (min: number, max: number) => numberField(z.number().min(min).max(max))
const flag = () => booleanField(z.boolean())

const sampler = z.string().refine((name) => resolveSampler(name) !== undefined, {
  error: `unknown sampler; valid names: ${samplerNames.join(', ')} (AUTOMATIC1111 and diffusers spellings are understood too)`,
})
const schedule = z.string().refine((name) => resolveSchedule(name) !== undefined, {
  error: `unknown schedule; valid names: ${scheduleNames.join(', ')}`,
})

const webhookEvents = z
  .string()
  .transform((text) => text.split(',').map((name) => name.trim()))
  .pipe(z.array(z.enum(webhookEventNames)).min(1))

const metadata = jsonField(z.record(z.string(), z.json()), limits.metadataDepth).refine(
  (value) => utf8Bytes(JSON.stringify(value)) <= limits.metadataBytes,
  { error: `must be a JSON object of at most ${limits.metadataBytes} bytes` },
)

/** Fields that take the model's own default when omitted, and so have none here. */
const byModel = {
  steps: integer(1, limits.stepsMax).optional(),
  guidance_scale: real(1, 30).optional(),
  sampler: sampler.optional(),
  schedule: schedule.optional(),
}

const common = {
  image_url: url.optional(),
  image_job: z.string().regex(imageJobPattern, 'must be <job id> or <job id>/<n>').optional(),
  prompt,
  negative_prompt: prompt.default(''),
  model: z.string().min(1).max(100).optional(),
  width: size.optional(),
  height: size.optional(),
  resize_mode: z.enum(['stretch', 'crop', 'fill', 'latent']).default('stretch'),
  strength: real(0, 1).default(0.75),
  ...byModel,
  step_policy: z.enum(['proportional', 'exact']).default('proportional'),
  guidance_rescale: real(0, 1).default(0),
  clip_skip: integer(1, limits.clipSkipMax).default(1),
  seed: integer(-1, limits.seedMax).default(-1),
  num_images: integer(1, limits.imagesMax).default(1),
  variation_seed: integer(-1, limits.seedMax).default(-1),
  variation_strength: real(0, 1).default(0),
  rng: z.enum(['cpu', 'nv']).default('cpu'),
  semantics: z.enum(['a1111', 'diffusers']).default('a1111'),
  color_correction: flag().default(false),
  output_format: z.enum(['png', 'jpeg', 'webp']).default('png'),
  output_quality: integer(1, 100).default(90),
  embed_metadata: flag().default(true),
  webhook_url: url.optional(),
  webhook_events: webhookEvents.optional(),
  metadata: metadata.optional(),
  expires_in: integer(60, 2_592_000).default(86_400),
  deadline: integer(1, 86_400).default(3600),
}

/** The form fields of `POST /v1/img2img`, files apart: text in, typed values out. Strict: an unknown field is an error. */
export const img2imgFields = z.strictObject(common)

/** The form fields of `POST /v1/inpaint`. `mask_mode`, `mask_blur` and `composite` have defaults that depend on others and on the mask file. */
export const inpaintFields = z.strictObject({
  ...common,
  mask_mode: z.enum(['white', 'black', 'alpha']).optional(),
  mask_grow: integer(0, 128).default(0),
  mask_blur: integer(0, 64).optional(),
  masked_content: z.enum(['original', 'fill', 'noise', 'empty']).default('original'),
  inpaint_area: z.enum(['whole', 'masked']).default('whole'),
  mask_padding: integer(0, 256).default(32),
  composite: flag().optional(),
  soft: flag().default(false),
})

export type Img2imgFields = z.infer<typeof img2imgFields>
export type InpaintFields = z.infer<typeof inpaintFields>
