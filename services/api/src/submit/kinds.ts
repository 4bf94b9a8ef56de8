import { img2imgFields, inpaintFields, type JobKind, limits, txt2imgFields } from '@pentimento/contracts'
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

export const kinds: Readonly<Record<JobKind, Kind>> = {
  txt2img: defineKind({
    files: ['reference_image'],
    form: z.strictObject({ ...txt2imgFields.shape, reference_image: referenceField }),
    read: async (fields, { model, caller, reference }) => {
      const parameters = txt2imgParameters(fields, model, caller)
      return { parameters, inputs: await reference(fields) }
    },
  }),

  img2img: defineKind({
    files: ['image', 'reference_image'],
    form: z.strictObject({ image: imageField, ...img2imgFields.shape, reference_image: referenceField }),
    read: async (fields, { model, caller, source, reference }) => {
      const image = await source(fields)
      const parameters = img2imgParameters(fields, model, image, caller)
      return { parameters, inputs: [image, ...(await reference(fields))] }
    },
  }),

  inpaint: defineKind({
    files: ['image', 'mask', 'reference_image'],
    form: z.strictObject({
      image: imageField,
      mask: maskField,
      ...inpaintFields.shape,
      reference_image: referenceField,
    }),
    read: async (fields, { model, caller, holder, source, reference }) => {
      const image = await source(fields)
      const parameters = inpaintParameters(fields, model, image, fields.mask !== undefined, caller)
      const mask = await readMask(fields.mask, parameters, image, holder)
      return { parameters, inputs: [image, ...(mask ? [mask] : []), ...(await reference(fields))] }
    },
  }),
}
