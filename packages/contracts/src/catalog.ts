import {
  controlTypes,
  fileFields,
  pictureFields,
  samplerNames,
  scheduleNames,
  snakeCase,
  usualValues,
} from '@pentimento/vocabulary'
import { z } from 'zod'
import { limits } from './limits.ts'

/**
 * What a worker announces of a model, and what `/v1/models` shows but for `available`. A member that came later has a
 * default: workers of the version before do not send it.
 */
export const modelEntry = z.object({
  id: z.string(),
  title: z.string(),
  description: z.string(),
  licence: z.string().nullable(),
  /** How it lies there: one `.safetensors`, a folder of them, or a folder of ONNX graphs. */
  layout: z.enum(['file', 'folder', 'onnx']).default('onnx'),
  family: z.string(),
  /** What its UNet was trained for. */
  purpose: z.enum(['generate', 'inpaint', 'refine']).default('generate'),
  /** What has to be added before it can run, each in a sentence. */
  missing: z.array(z.string()).default([]),
  native_size: z.int(),
  sizes: z.object({ min: z.int(), max: z.int(), multiple: z.int() }),
  defaults: z.object({
    steps: z.int(),
    guidance_scale: z.number(),
    sampler: z.enum(samplerNames),
    schedule: z.enum(scheduleNames),
  }),
  /** Prompts that suit the model, for people who try it. */
  prompts: z.array(z.string()),
  /** All that it understands in a prompt; null where that cannot be listed. */
  words: z.array(z.string()).nullable().default(null),
  /** The highest `clip_skip` that its text encoders have layers for. */
  clip_skip_max: z.int().default(limits.clipSkipMax),
  /** Samplers, schedules and options this model refuses: `"clip_skip"`, `"semantics=diffusers"`. */
  unsupported: z.array(z.string()),
  /** Whether its workers can look at results. */
  safety_checker: z.boolean().default(false),
})
export type ModelEntry = z.infer<typeof modelEntry>

/** What a worker announces of a file that models take. */
export const adapterEntry = z.object({
  kind: z.enum(['lora', 'embedding', 'ip-adapter', 'controlnet', 't2i-adapter', 'upscaler']),
  name: z.string(),
  /** Another name that it goes by. */
  alias: z.string().nullable(),
  /** What it was made for, in the words of models' families; null where nothing tells. */
  family: z.string().nullable(),
  /** The kinds of pictures that a union ControlNet tells apart, of which `control_type` names one. */
  control_types: z.array(z.enum(controlTypes)).optional(),
  /** Models of its family, by id, that it does not go with, each with the reason. */
  unfit: z.record(z.string(), z.string()),
})
export type AdapterEntry = z.infer<typeof adapterEntry>

const { steps, guidance_scale, sampler, schedule } = usualValues(pictureFields)

/** Defaults where a model brings none (design of AUTOMATIC1111's img2img tab). */
export const fallbackDefaults: ModelEntry['defaults'] = { steps, guidance_scale, sampler, schedule }

/** A model as it is listed, with the members that OpenAI's clients read. */
export const listedModel = z.object({
  ...modelEntry.shape,
  available: z.boolean(),
  default: z.boolean(),
  object: z.literal('model'),
  created: z.int().describe('always 0'),
  owned_by: z.string(),
})
export type ListedModel = z.infer<typeof listedModel>

export const modelList = z.object({
  object: z.literal('list'),
  data: z.array(listedModel),
  /** What lies beside the models, and the ids of those that take it. */
  adapters: z.array(z.object({ ...adapterEntry.omit({ unfit: true }).shape, models: z.array(z.string()) })),
})

export const capabilities = z.object({
  samplers: z.array(z.object({ name: z.enum(samplerNames), label: z.string(), aliases: z.array(z.string()) })),
  schedules: z.array(z.object({ name: z.enum(scheduleNames), label: z.string() })),
  output_formats: z.array(z.enum(fileFields.output_format.values)),
  input_formats: z.array(z.enum(fileFields.output_format.values)),
  limits: z.object(Object.fromEntries(Object.keys(limits).map((name) => [snakeCase(name), z.number()]))),
})
