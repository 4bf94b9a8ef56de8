import { img2imgFields, inpaintFields, type JobKind, limits, txt2imgFields } from '@pentimento/contracts'
import { type ControlName, controlNames } from '@pentimento/vocabulary'
import { z } from 'zod'
import { defineKind, type Kind } from './kind.ts'
import { readMask } from './mask.ts'
import { img2imgParameters, inpaintParameters, txt2imgParameters } from './resolve.ts'

/** A file field: marked, so that the OpenAPI document shows it as binary. */
const fileField = z
  .instanceof(Uint8Array, { error: 'must be a file (PNG, JPEG or WebP), in JSON a data: URL or base64' })
  .meta({ file: true })

const imageField = fileField
  .optional()
  .describe(
    `PNG, JPEG or WebP, one frame, at most ${limits.imageBytes} bytes and ${limits.imagePixels} pixels. This, \`image_url\` or \`image_job\`.`,
  )
const maskField = fileField
  .optional()
  .describe(
    'As `image`, of any size; is stretched to it. `mask_mode` says what of it is repainted. Omitted: the transparent pixels of the image are, or only what it is extended by.',
  )
const referenceField = fileField
  .optional()
  .describe(
    'A picture that the painted ones shall resemble: as `image`, of any size. Only models of .safetensors take it.',
  )

const controlImageOf = (name: ControlName) =>
  fileField
    .optional()
    .describe(
      `As \`image\`: what \`${name}_model\` looks at, fitted as \`image\` is. Omitted: \`image\` itself, where there is one.`,
    )

const controlFiles = controlNames.map((name) => `${name}_image` as const)
const controlImages = Object.fromEntries(controlNames.map((name) => [`${name}_image`, controlImageOf(name)])) as Record<
  (typeof controlFiles)[number],
  ReturnType<typeof controlImageOf>
>

export const kinds: Readonly<Record<JobKind, Kind>> = {
  txt2img: defineKind({
    files: ['reference_image', ...controlFiles],
    form: z.strictObject({ ...txt2imgFields.shape, reference_image: referenceField, ...controlImages }),
    read: async (fields, { model, caller, reference, controls }) => {
      const parameters = txt2imgParameters(fields, model, caller)
      const held = await controls(fields, parameters, false)
      return { parameters, inputs: [...(await reference(fields)), ...held] }
    },
  }),

  img2img: defineKind({
    files: ['image', 'reference_image', ...controlFiles],
    form: z.strictObject({
      image: imageField,
      ...img2imgFields.shape,
      reference_image: referenceField,
      ...controlImages,
    }),
    read: async (fields, { model, caller, source, reference, controls }) => {
      const image = await source(fields)
      const parameters = img2imgParameters(fields, model, image, caller)
      const held = await controls(fields, parameters, true)
      return { parameters, inputs: [image, ...(await reference(fields)), ...held] }
    },
  }),

  inpaint: defineKind({
    files: ['image', 'mask', 'reference_image', ...controlFiles],
    form: z.strictObject({
      image: imageField,
      mask: maskField,
      ...inpaintFields.shape,
      reference_image: referenceField,
      ...controlImages,
    }),
    read: async (fields, { model, caller, holder, source, reference, controls }) => {
      const image = await source(fields)
      const parameters = inpaintParameters(fields, model, image, fields.mask !== undefined, caller)
      const mask = await readMask(fields.mask, parameters, image, holder)
      const held = await controls(fields, parameters, true)
      return { parameters, inputs: [image, ...(mask ? [mask] : []), ...(await reference(fields)), ...held] }
    },
  }),
}
