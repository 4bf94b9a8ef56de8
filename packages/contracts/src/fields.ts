import {
  adapterFields,
  type ControlName,
  controlFields,
  controlNames,
  fileFields,
  maskFields,
  maskFileFields,
  pictureFields,
  referenceFields,
  sourceFields,
  textFields,
  upscaleFields,
} from '@pentimento/vocabulary'
import { z } from 'zod'
import { jsonField, numberField } from './form.ts'
import { imageJobPattern } from './ids.ts'
import { jsonObject } from './json.ts'
import { limits } from './limits.ts'
import { formShape } from './request-schema.ts'
import { utf8Bytes } from './utf8.ts'
import { finalWebhookEvents, webhookEventNames } from './webhook-events.ts'

/**
 * Where a request of ours goes. The limit holds for the URL as it is requested, with everything beyond ASCII escaped.
 */
export const urlField = z
  .url()
  .refine((text) => text.isWellFormed(), 'must be well-formed Unicode')
  .max(limits.urlCharacters)
  .refine((text) => (URL.parse(text)?.href.length ?? 0) <= limits.urlCharacters, {
    error: `must be at most ${limits.urlCharacters} characters when escaped`,
  })
const integer = (min: number, max: number) => numberField(z.int().min(min).max(max))

const webhookEvents = z
  .union([z.string().transform((text) => text.split(',').map((name) => name.trim())), z.array(z.string())])
  .pipe(z.array(z.enum(webhookEventNames)).min(1))

const metadata = jsonField(jsonObject, limits.metadataDepth).refine(
  (value) => utf8Bytes(JSON.stringify(value)) <= limits.metadataBytes,
  { error: `must be a JSON object of at most ${limits.metadataBytes} bytes` },
)

const imageUrl = urlField
  .optional()
  .describe('Instead of `image`: where to fetch it, over https or http, from ports 443, 8443, 80 or 8080.')
const imageJob = z
  .string()
  .regex(imageJobPattern, 'must be <job id> or <job id>/<n>')
  .optional()
  .describe('Instead of `image`: a result of an earlier job of yours, `<job id>` or `<job id>/<n>`.')

/** Where the picture comes from that a job begins with. */
const imageFields = { image_url: imageUrl, image_job: imageJob }

type OtherPictures = Record<`${ControlName}_image_url`, typeof imageUrl> &
  Record<`${ControlName}_image_job`, typeof imageJob>

/** Where control images come from. */
const controlImageFields = Object.fromEntries(
  controlNames.flatMap((name) => [
    [`${name}_image_url`, imageUrl.describe(`Instead of \`${name}_image\`, as \`image_url\`.`)],
    [`${name}_image_job`, imageJob.describe(`Instead of \`${name}_image\`, as \`image_job\`.`)],
  ]),
) as OtherPictures

/** Where the picture comes from that the painted ones shall resemble. */
const referenceImageFields = {
  reference_image_url: imageFields.image_url.describe(
    'Instead of `reference_image`: where to fetch it, as `image_url`.',
  ),
  reference_image_job: imageFields.image_job.describe(
    'Instead of `reference_image`: a result of an earlier job of yours, as `image_job`.',
  ),
}

/** What paints it. */
const modelField = {
  model: z
    .string()
    .min(1)
    .max(100)
    .optional()
    .describe("A model's id from `/v1/models`. Omitted: the server's default."),
}

/** What becomes of the job. */
const jobFields = {
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

/** What a picture that is made without a server has nothing of. */
export const serverFields = {
  ...imageFields,
  ...referenceImageFields,
  ...controlImageFields,
  ...modelField,
  ...jobFields,
}

/**
 * The form fields of `POST /v1/txt2img`. `step_policy` is one of them, though without a picture to begin from either of
 * its values runs all steps.
 */
export const txt2imgFields = z.strictObject({
  ...modelField,
  ...formShape(textFields),
  ...formShape({ step_policy: { ...sourceFields.step_policy, nullable: true } }),
  ...formShape(adapterFields),
  ...referenceImageFields,
  ...formShape(referenceFields),
  ...controlImageFields,
  ...formShape(controlFields),
  ...formShape(upscaleFields),
  ...formShape(fileFields),
  ...jobFields,
})

/**
 * The form fields of `POST /v1/img2img`, files apart: text in, typed values out. Strict: an unknown field is an error.
 */
export const img2imgFields = z.strictObject({
  ...imageFields,
  ...modelField,
  ...formShape(pictureFields),
  ...formShape(adapterFields),
  ...referenceImageFields,
  ...formShape(referenceFields),
  ...controlImageFields,
  ...formShape(controlFields),
  ...formShape(upscaleFields),
  ...formShape(fileFields),
  ...jobFields,
})

/**
 * The form fields of `POST /v1/inpaint`. `mask_mode`, `mask_blur` and `composite` have defaults that depend on others
 * and on the mask file.
 */
export const inpaintFields = z.strictObject({
  ...img2imgFields.shape,
  ...formShape(maskFileFields),
  ...formShape(maskFields),
})

export type Txt2imgFields = z.infer<typeof txt2imgFields>
export type Img2imgFields = z.infer<typeof img2imgFields>
export type InpaintFields = z.infer<typeof inpaintFields>
/** Of a request of any kind. */
export type JobFields = Txt2imgFields | Img2imgFields | InpaintFields
