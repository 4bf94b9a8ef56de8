import { parameterShape } from '@pentimento/contracts'
import type {
  ChosenEmbedding,
  ControlUse,
  Enlarging,
  GenerateRequest,
  GenerateResult,
  ReferencePicture,
  Safety,
} from '@pentimento/pipeline'
import { camelCased, controlFields, controlTypes, maskFields, pictureFields, textFields } from '@pentimento/vocabulary'
import { z } from 'zod'

/** What the engine is asked to paint and what it gives, as messages hold them. */

const pixels: z.ZodType<Uint8Array> = z.instanceof(Uint8Array)
export const side = z.int().positive()

export const rgbImage = z
  .strictObject({ width: side, height: side, data: pixels })
  .refine(({ width, height, data }) => data.length === width * height * 3, 'RGB pixels need width · height · 3 bytes')

const grayImage = z
  .strictObject({ width: side, height: side, data: pixels })
  .refine(({ width, height, data }) => data.length === width * height, 'grey pixels need width · height bytes')

const text = camelCased(parameterShape(textFields))
const picture = camelCased(parameterShape(pictureFields))
const mask = camelCased(parameterShape(maskFields))

const chosenEmbedding = z.strictObject({
  name: z.string(),
  path: z.string(),
  isBundled: z.literal(true).exactOptional(),
}) satisfies z.ZodType<ChosenEmbedding>
const enlarging = z.strictObject({
  factor: z.number().min(1),
  upscaler: z.strictObject({ name: z.string(), path: z.string() }).nullable(),
  hires: z.strictObject({ strength: z.number(), steps: z.int() }).nullable(),
}) satisfies z.ZodType<Enlarging>
const reference = z.strictObject({ image: rgbImage, scale: z.number() }) satisfies z.ZodType<ReferencePicture>
const controlUse = z.strictObject({
  image: rgbImage.nullable(),
  type: z.enum(controlTypes).nullable().exactOptional(),
  preprocessor: z.enum(controlFields.control_preprocessor.values),
  thresholds: z.strictObject({ low: z.number(), high: z.number() }).exactOptional(),
  scale: z.number(),
  start: z.number(),
  end: z.number(),
}) satisfies z.ZodType<ControlUse>
const safety = z.strictObject({ policy: z.enum(['flag', 'block']), checker: z.string() }) satisfies z.ZodType<Safety>
const besides = {
  controls: z.array(controlUse).exactOptional(),
  embeddings: z.array(chosenEmbedding).exactOptional(),
  enlarging: enlarging.exactOptional(),
  reference: reference.exactOptional(),
  safety: safety.exactOptional(),
}

export const generateRequest = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('txt2img'), image: z.null(), ...text, ...besides, inpaint: z.null() }),
  z.strictObject({ kind: z.literal('img2img'), image: rgbImage, ...picture, ...besides, inpaint: z.null() }),
  z.strictObject({
    kind: z.literal('inpaint'),
    image: rgbImage,
    ...picture,
    ...besides,
    inpaint: z.strictObject({ mask: grayImage, ...mask }),
  }),
]) satisfies z.ZodType<GenerateRequest>

export const generateResult = z.strictObject({
  images: z.array(
    z.strictObject({
      image: rgbImage,
      seed: z.int(),
      variationSeed: z.int().nullable(),
      flagged: z.boolean().exactOptional(),
    }),
  ),
  embeddings: z.array(z.string()),
  stepsRun: z.int(),
  modelCalls: z.int(),
  warnings: z.array(
    z.strictObject({
      code: z.enum([
        'truncated_prompt',
        'unknown_words',
        'sampled_encoder',
        'inpaint_model_without_mask',
        'vae_float32_retry',
        'model_changed',
        'lora_partly',
        'flagged',
      ]),
      message: z.string(),
    }),
  ),
  timings: z.strictObject({
    encodeMs: z.number(),
    denoiseMs: z.number(),
    decodeMs: z.number(),
    shapeWarmupMs: z.number(),
  }),
}) satisfies z.ZodType<GenerateResult>
