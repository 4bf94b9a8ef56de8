import {
  heaviest,
  resolveSampler,
  resolveSchedule,
  samplerNames,
  scheduleNames,
  semanticsNames,
  stepPolicies,
} from '@pentimento/vocabulary'
import { z } from 'zod'
import { booleanField, jsonField, numberField } from './form.ts'
import { imageJobPattern } from './ids.ts'
import { jsonObject } from './json.ts'
import { limits } from './limits.ts'
import { finalWebhookEvents, webhookEventNames } from './webhook-events.ts'

const utf8Bytes = (text: string) => new TextEncoder().encode(text).length

const prompt = z
  .string()
  .max(limits.promptCharacters)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  .regex(/^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]*$/, 'must not contain control characters')
  .refine((text) => text.isWellFormed(), 'must be well-formed Unicode')
  .refine((text) => utf8Bytes(text) <= limits.promptBytes, `must be at most ${limits.promptBytes} bytes of UTF-8`)
/** Where a request of ours goes. The limit holds for the URL as it is requested, with everything beyond ASCII escaped. */
export const urlField = z
  .url()
  .refine((text) => text.isWellFormed(), 'must be well-formed Unicode')
  .max(limits.urlCharacters)
  .refine((text) => (URL.parse(text)?.href.length ?? 0) <= limits.urlCharacters, {
    error: `must be at most ${limits.urlCharacters} characters when escaped`,
  })
const size = numberField(z.int().min(limits.sizeMin).max(limits.sizeMax).multipleOf(limits.sizeMultiple))
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

const metadata = jsonField(jsonObject, limits.metadataDepth).refine(
  (value) => utf8Bytes(JSON.stringify(value)) <= limits.metadataBytes,
  { error: `must be a JSON object of at most ${limits.metadataBytes} bytes` },
)

const orModel = (value: string) => `Omitted: the model's own default, else ${value}.`

/** Fields that take the model's own default when omitted, and so have none here. */
const byModel = {
  steps: integer(1, limits.stepsMax)
    .optional()
    .describe(`Steps of the whole schedule; how many run depends on \`strength\`. ${orModel('25')}`),
  guidance_scale: real(1, 30)
    .optional()
    .describe(`How strongly the prompt pulls; 1 leaves \`negative_prompt\` out. ${orModel('7')}`),
  sampler: sampler
    .optional()
    .describe(
      `One of ${samplerNames.join(', ')}, or what AUTOMATIC1111 or diffusers call it, with or without a schedule: "DPM++ 2M Karras". ${orModel('dpmpp_2m')}`,
    ),
  schedule: schedule
    .optional()
    .describe(
      `One of ${scheduleNames.join(', ')}. \`automatic\` is what the sampler has in AUTOMATIC1111, or \`model\` under \`diffusers\`. ${orModel('automatic')}`,
    ),
}

const common = {
  image_url: urlField
    .optional()
    .describe('Instead of `image`: where to fetch it, over https or http, from ports 443, 8443, 80 or 8080.'),
  image_job: z
    .string()
    .regex(imageJobPattern, 'must be <job id> or <job id>/<n>')
    .optional()
    .describe('Instead of `image`: a result of an earlier job of yours, `<job id>` or `<job id>/<n>`.'),
  prompt: prompt.describe(
    `What the picture shall show; may be empty. Under \`a1111\` words are weighed as there, (word:1.3), from -${heaviest} to ${heaviest} times.`,
  ),
  negative_prompt: prompt.default('').describe('What it shall not show.'),
  model: z
    .string()
    .min(1)
    .max(100)
    .optional()
    .describe("A model's id from `/v1/models`. Omitted: the server's default."),
  width: size
    .optional()
    .describe(
      "Pixels. Both sides omitted: the input's shape at the model's native area (`diffusers`: the input's size); one given: the other follows the shape. A side that comes out too short or too long for the model is refused.",
    ),
  height: size.optional().describe('As `width`.'),
  resize_mode: z
    .enum(['stretch', 'crop', 'fill', 'latent'])
    .default('stretch')
    .describe('How an input of another shape comes to width and height.'),
  strength: real(0, 1)
    .default(0.75)
    .describe(
      "How far the result may leave the input: at 0 no step runs, and the picture only goes through the model's VAE, which changes fine detail; 1 leaves it wholly.",
    ),
  ...byModel,
  step_policy: z
    .enum(stepPolicies)
    .default('proportional')
    .describe('`proportional`: strength shortens the run; `exact`: `steps` always run.'),
  guidance_rescale: real(0, 1).default(0).describe('Takes back the contrast that high guidance adds.'),
  clip_skip: integer(1, limits.clipSkipMax)
    .default(1)
    .describe('From which layer of the text encoder, counted from the last, the prompt is read.'),
  seed: integer(-1, limits.seedMax)
    .default(-1)
    .describe('Of the first image; image i uses seed + i. -1: drawn now and shown in `parameters`.'),
  num_images: integer(1, limits.imagesMax).default(1),
  variation_seed: integer(-1, limits.seedMax)
    .default(-1)
    .describe('With `variation_strength`: image i uses variation_seed + i, and all share `seed`. -1: drawn now.'),
  variation_strength: real(0, 1)
    .default(0)
    .describe('How far the noise leaves that of `seed` for that of `variation_seed`.'),
  rng: z
    .enum(['cpu', 'nv'])
    .default('cpu')
    .describe("`cpu`: torch's generator on the CPU; `nv`: that of CUDA devices."),
  semantics: z
    .enum(semanticsNames)
    .default('a1111')
    .describe('Whose way of counting steps, blending masks and reading prompts is followed.'),
  color_correction: flag().default(false).describe("Matches the result's colours to the input's."),
  output_format: z.enum(['png', 'jpeg', 'webp']).default('png'),
  output_quality: integer(1, 100).default(90).describe('Of JPEG and WebP.'),
  embed_metadata: flag().default(true).describe('Writes the parameters into the files.'),
  webhook_url: urlField
    .optional()
    .describe('Where events of the job are sent, signed: an https URL with port 443 or 8443.'),
  webhook_events: webhookEvents
    .optional()
    .describe(`Comma-separated, of ${webhookEventNames.join(', ')}. Omitted: ${finalWebhookEvents.join(', ')}.`),
  metadata: metadata
    .optional()
    .describe(
      `A JSON object of yours, at most ${limits.metadataBytes} bytes and ${limits.metadataDepth} levels; shown with the job.`,
    ),
  expires_in: integer(60, 2_592_000).default(86_400).describe('Seconds from the end of the job until it is erased.'),
  deadline: integer(1, 86_400).default(3600).describe('Seconds from now within which the job must start.'),
}

/** The form fields of `POST /v1/img2img`, files apart: text in, typed values out. Strict: an unknown field is an error. */
export const img2imgFields = z.strictObject(common)

/** The form fields of `POST /v1/inpaint`. `mask_mode`, `mask_blur` and `composite` have defaults that depend on others and on the mask file. */
export const inpaintFields = z.strictObject({
  ...common,
  mask_mode: z
    .enum(['white', 'black', 'alpha'])
    .optional()
    .describe(
      'What is repainted: the white, the black or the transparent (`alpha`) pixels of the mask file; without one, of the image, where only `alpha` is possible. Omitted: `white` with a mask file, else `alpha`. `white` and `black` keep what is transparent.',
    ),
  mask_grow: integer(0, 128).default(0).describe('Pixels by which the mask grows on every side.'),
  mask_blur: integer(0, 64)
    .optional()
    .describe("Pixels of the blur of the mask's edge. Omitted: 4, under `diffusers` 0."),
  masked_content: z
    .enum(['original', 'fill', 'noise', 'empty'])
    .default('original')
    .describe('What the repainted part begins from.'),
  inpaint_area: z
    .enum(['whole', 'masked'])
    .default('whole')
    .describe(
      "`masked`: only the mask's surroundings are painted, at width × height; the result has the input's size.",
    ),
  mask_padding: integer(0, 256).default(32).describe('With `inpaint_area=masked`: pixels around the mask.'),
  composite: flag()
    .optional()
    .describe(
      'Keeps the pixels away from the mask exactly. Omitted: true, under `diffusers` only with `inpaint_area=masked`.',
    ),
  soft: flag().default(false).describe("The mask's grey is a strength for each pixel."),
})

export type Img2imgFields = z.infer<typeof img2imgFields>
export type InpaintFields = z.infer<typeof inpaintFields>
