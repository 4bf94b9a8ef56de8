import type { ChosenControl, ChosenLora, ChosenReference, DeviceFigures } from '@pentimento/pipeline'
import { z } from 'zod'
import { generateRequest, generateResult, rgbImage, side } from './work.ts'

/**
 * What parent and engine say to each other. Both parse what they receive: a message that does not fit is a bug and ends
 * the engine.
 */

const count = z.int().nonnegative()

const chosenLora = z.strictObject({
  name: z.string(),
  path: z.string(),
  weight: z.number(),
  textWeight: z.number(),
}) satisfies z.ZodType<ChosenLora>

const chosenControl = z.strictObject({ name: z.string(), path: z.string() }) satisfies z.ZodType<ChosenControl>

const chosenReference = z.strictObject({
  name: z.string(),
  path: z.string(),
  encoder: z.string(),
}) satisfies z.ZodType<ChosenReference>

/**
 * A model as the engine needs it: `bytes` is what it counts against the model memory. With other LoRAs, or other
 * weights of them, it is another one, and so it is with an IP-Adapter or ControlNets.
 */
const modelRef = z.strictObject({
  id: z.string(),
  dir: z.string(),
  bytes: z.number().nonnegative(),
  loras: z.array(chosenLora).exactOptional(),
  reference: chosenReference.exactOptional(),
  controls: z.array(chosenControl).exactOptional(),
})

/** A model that the engine holds in memory. */
const loadedModel = modelRef.pick({ id: true, bytes: true })

/** What the device did since the last time: times in milliseconds, calls by how many rows they were asked for. */
const deviceFigures = z.strictObject({
  busyMs: z.number(),
  idleWithWorkMs: z.number(),
  calls: z.record(z.string(), z.int()),
  waitingRows: z.int(),
  newShapes: z.array(z.number()),
}) satisfies z.ZodType<DeviceFigures>

/** Which run a message is about: every `generate` is one, and they count up. */
const run = count
/** A preview is sent after every so many steps, or never. */
const previewEvery = z.int().positive().nullable()

/** Parent to engine. `init` comes first and once. */
export const engineCommand = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('init'),
    device: z.string(),
    threads: z.int().positive().exactOptional(),
    modelMemoryBytes: z.number().positive(),
    loadMode: z.enum(['fast', 'lean']),
    /** Runs that may be in the engine at once; null: as many as suit the device. */
    slots: z.int().positive().nullable(),
    /** How many rows one call of a UNet may have, and how many times as long it may take as one picture's. */
    rows: z.strictObject({ maxRows: z.int().positive(), slowdown: z.number().min(1) }),
    /** Sizes of pictures that a GPU sees when a model is loaded, beside the model's own. */
    warmShapes: z.array(z.strictObject({ width: side, height: side })),
  }),
  z.strictObject({
    type: z.literal('generate'),
    run,
    model: modelRef,
    request: generateRequest,
    /** The share of the device beside runs of other models. */
    weight: z.number().positive(),
    previewEvery,
  }),
  z.strictObject({ type: z.literal('previews'), run, every: previewEvery }),
  z.strictObject({ type: z.literal('cancel'), run }),
])

/**
 * Engine to parent. A `generate` is answered by exactly one `generated` or `failed`; `models` comes after every change,
 * `device` once a second while it works.
 */
const engineEvent = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('ready'), device: z.string(), reason: z.string(), slots: z.int().positive() }),
  z.strictObject({
    type: z.literal('progress'),
    run,
    phase: z.enum(['loading', 'encoding', 'denoising', 'decoding']),
    step: count,
    steps: count,
  }),
  z.strictObject({ type: z.literal('models'), loaded: z.array(loadedModel) }),
  z.strictObject({ type: z.literal('device'), figures: deviceFigures }),
  z.strictObject({ type: z.literal('preview'), run, index: count, step: count, image: rgbImage }),
  z.strictObject({ type: z.literal('generated'), run, loadMs: z.number(), result: generateResult }),
  z.strictObject({
    type: z.literal('failed'),
    run,
    code: z.enum([
      'not_supported',
      'model_unusable',
      'too_few_steps',
      'empty_mask',
      'device_error',
      'out_of_memory',
      'bad_output',
      'canceled',
      'internal',
    ]),
    /** Fit for the public, unless the code is `internal`. */
    message: z.string(),
    /** For the log only. */
    detail: z.string().exactOptional(),
  }),
])

/** A message of the engine: all that it says in one turn of its loop. */
export const engineEvents = z.array(engineEvent)

export type EngineCommand = z.infer<typeof engineCommand>
export type EngineEvent = z.infer<typeof engineEvent>
/** What the engine says of one run. */
export type RunEvent = Extract<EngineEvent, { run: number }>
export type EngineInit = Extract<EngineCommand, { type: 'init' }>
export type EngineFailureCode = Extract<EngineEvent, { type: 'failed' }>['code']
export type ModelRef = z.infer<typeof modelRef>

/** What is the same for the same model with the same LoRAs, IP-Adapter and ControlNets. */
export function refKey({
  dir,
  loras = [],
  controls = [],
  reference,
}: Pick<ModelRef, 'dir' | 'loras' | 'controls' | 'reference'>): string {
  const isPlain = loras.length + controls.length === 0 && !reference
  return isPlain ? dir : `${dir} ${JSON.stringify([loras, controls, reference])}`
}
export type LoadedModel = z.infer<typeof loadedModel>
