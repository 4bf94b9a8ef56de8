import { randomUUID } from 'node:crypto'
import {
  fallbackDefaults,
  img2imgFields,
  type JobRequest,
  type ModelEntry,
  newJobId,
  type Parameters as PictureParameters,
  requestVersion,
  resolveParameters,
} from '@pentimento/contracts'
import { Redis } from 'ioredis'
import { inject } from 'vitest'
import type { Begun, JobRecord, State } from '../index.ts'
import { openState } from '../open-state.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    redisUrl: string
  }
}

/** A namespace that no other test uses. */
export function newNamespace(): string {
  return `test-${randomUUID()}`
}

interface TestState extends State {
  errors: Error[]
  /** To look at the keys from outside. */
  redis: Redis
  prefix: string
}

/** A state with short locks; errors are collected, not printed. */
export async function openTestState(
  redisUrl: string,
  namespace: string = newNamespace(),
  // On a machine that is very busy Redis may answer late; the one that tests share never goes away.
  patience: { commandTimeoutMs?: number } = redisUrl === inject('redisUrl') ? { commandTimeoutMs: 20_000 } : {},
): Promise<TestState> {
  const errors: Error[] = []
  const onError = (error: Error) => errors.push(error)
  const secretsKey = Buffer.alloc(32, 7).toString('base64')
  const state = await openState({
    redisUrl,
    namespace,
    secretsKey,
    lockMs: 2000,
    stalledMs: 1000,
    ...patience,
    onError,
  })
  const redis = new Redis(redisUrl)
  redis.on('error', onError)
  return {
    ...state,
    errors,
    redis,
    prefix: `{${namespace}}:`,
    async close() {
      redis.disconnect()
      await state.close()
    },
  }
}

type Img2imgRequest = Extract<JobRequest, { kind: 'img2img' }>

export function testRequest(overrides: Partial<Img2imgRequest> = {}): Img2imgRequest {
  return {
    version: requestVersion,
    kind: 'img2img',
    tenant: 'default',
    model: 'still-life',
    inputs: [{ name: 'image', role: 'source', key: 'image.png', bytes: 0, width: 0, height: 0 }],
    metadata: {},
    expires_in: 86_400,
    deadline: 3600,
    webhook: null,
    traceparent: null,
    parameters: paintStrawberry(),
    ...overrides,
  }
}

/** What a worker announces of a model. */
export function modelEntry(id = 'still-life', title = id): ModelEntry {
  return {
    id,
    title,
    description: '',
    licence: null,
    layout: 'onnx',
    purpose: 'generate',
    missing: [],
    family: 'sd1',
    native_size: 512,
    sizes: { min: 64, max: 2048, multiple: 8 },
    defaults: fallbackDefaults,
    prompts: [],
    words: null,
    clip_skip_max: 12,
    unsupported: [],
    safety_checker: false,
  }
}

/** What a form with nothing special comes to. */
function paintStrawberry(): PictureParameters {
  const fields = img2imgFields.parse({ prompt: 'a strawberry', seed: 1 })
  const resolved = resolveParameters(fields, modelEntry(), { width: 512, height: 512 })
  if (!resolved.ok) throw new Error('a plain form is refused')
  return resolved.parameters
}

/** Begins and queues a job. */
export async function submit(
  state: State,
  overrides: Parameters<typeof testRequest>[0] = {},
  weight = 1,
): Promise<JobRecord> {
  const begun = await state.jobs.begin({ id: newJobId(), request: testRequest(overrides), admission: { weight } })
  return state.jobs.enqueue(created(begun).id)
}

export function created(begun: Begun): { id: string } {
  if (begun.outcome !== 'created') throw new Error(`expected a new job, got ${begun.outcome}`)
  return begun
}

/** Polls until `condition` holds. */
export async function until(condition: () => boolean | Promise<boolean>, timeoutMs = 10_000): Promise<void> {
  const end = performance.now() + timeoutMs
  while (!(await condition())) {
    if (performance.now() > end) throw new Error('the condition did not come true in time')
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

/** A result as a worker writes it. */
export function succeeded(attempt: number): Parameters<State['jobs']['finish']>[1] {
  return {
    status: 'succeeded',
    attempt,
    images: [
      {
        index: 0,
        seed: 1,
        variation_seed: null,
        width: 512,
        height: 512,
        content_type: 'image/png',
        bytes: 1,
        sha256: 'ab',
      },
    ],
    error: null,
    warnings: [],
    metrics: null,
  }
}
