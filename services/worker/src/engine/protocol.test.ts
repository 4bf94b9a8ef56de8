import { isDeepStrictEqual } from 'node:util'
import { deserialize, serialize } from 'node:v8'
import { plainMaskSettings } from '@pentimento/pipeline'
import { samplerNames, scheduleNames } from '@pentimento/vocabulary'
import { expect, it } from 'vitest'
import { z } from 'zod'
import { type EngineCommand, type EngineEvent, engineCommand, engineEvents } from './protocol.ts'
import { requestFor, rows } from './testing/requests.ts'

const model = { id: 'still-life', dir: '/models/still-life', bytes: 1000 }
const image = { width: 2, height: 1, data: new Uint8Array([1, 2, 3, 4, 5, 6]) }

const mask = { width: 1, height: 1, data: new Uint8Array([255]) }

const commands: EngineCommand[] = [
  {
    type: 'init',
    device: 'auto',
    threads: 2,
    modelMemoryBytes: 1e9,
    loadMode: 'fast',
    slots: null,
    rows,
    warmShapes: [{ width: 768, height: 512 }],
  },
  {
    type: 'generate',
    run: 1,
    model,
    request: requestFor({}, { image, width: 8, height: 8 }),
    weight: 1,
    previewEvery: null,
  },
  {
    type: 'generate',
    run: 2,
    model,
    request: { ...requestFor({}, { image }), kind: 'inpaint', inpaint: { ...plainMaskSettings, mask } },
    weight: 2.5,
    previewEvery: 3,
  },
  { type: 'previews', run: 2, every: null },
  { type: 'cancel', run: 2 },
]

const events: EngineEvent[] = [
  { type: 'ready', device: 'cpu', reason: 'asked for', slots: 1 },
  { type: 'progress', run: 1, phase: 'denoising', step: 3, steps: 19 },
  { type: 'models', loaded: [{ id: 'still-life', bytes: 1000 }] },
  {
    type: 'device',
    figures: { busyMs: 900.5, idleWithWorkMs: 1.5, calls: { 2: 7, 16: 12 }, waitingRows: 4, newShapes: [3500] },
  },
  { type: 'preview', run: 1, index: 0, step: 3, image },
  {
    type: 'generated',
    run: 1,
    loadMs: 0,
    result: {
      images: [{ image, seed: 42, variationSeed: null }],
      embeddings: ['mood'],
      stepsRun: 19,
      modelCalls: 19,
      warnings: [{ code: 'truncated_prompt', message: 'cut' }],
      timings: { encodeMs: 1, denoiseMs: 2, decodeMs: 3, shapeWarmupMs: 0 },
    },
  },
  { type: 'failed', run: 1, code: 'internal', message: 'The engine failed.', detail: 'TypeError' },
]

it('survives the serialization of the channel', () => {
  for (const command of commands) expect(engineCommand.parse(deserialize(serialize(command)))).toEqual(command)
  expect(engineEvents.parse(deserialize(serialize(events)))).toEqual(events)
})

it('has this shape', () => {
  const shape = (schema: z.ZodType) => z.toJSONSchema(schema, { unrepresentable: 'any', override: withoutNames })
  expect(shape(engineCommand)).toMatchSnapshot('commands')
  expect(shape(engineEvents.element)).toMatchSnapshot('events')
})

/** Which samplers and schedules there are is the vocabulary's to say. */
function withoutNames({ jsonSchema }: { jsonSchema: { enum?: unknown[] } }): void {
  if (isDeepStrictEqual(jsonSchema.enum, samplerNames)) jsonSchema.enum = ['every sampler']
  if (isDeepStrictEqual(jsonSchema.enum, scheduleNames)) jsonSchema.enum = ['every schedule']
}

it.each([
  ['an unknown type', { type: 'pause', run: 1 }],
  ['an unknown member', { type: 'cancel', run: 1, force: true }],
  ['a missing member', { type: 'previews', run: 1 }],
  ['too few pixels', { ...commands[1], request: requestFor({}, { image: { ...image, height: 2 } }) }],
  [
    'a plain array for pixels',
    { ...commands[1], request: { ...requestFor(), image: { ...image, data: [1, 2, 3, 4, 5, 6] } } },
  ],
  [
    'a mask without the kind',
    { ...commands[1], request: { ...requestFor(), inpaint: { ...plainMaskSettings, mask } } },
  ],
  ['the kind without a mask', { ...commands[1], request: { ...requestFor(), kind: 'inpaint' } }],
  ['an unknown sampler', { ...commands[1], request: { ...requestFor(), sampler: 'ddpm' } }],
])('refuses %s', (_, message) => {
  expect(engineCommand.safeParse(message).success).toBe(false)
})
