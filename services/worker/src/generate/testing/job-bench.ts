import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { isFinal, type JobRequest, newJobId } from '@pentimento/contracts'
import { encode } from '@pentimento/images'
import { type Consumer, type JobRecord, openState, type State } from '@pentimento/state'
import { keys, type ObjectStore, openStore } from '@pentimento/storage'
import { noTracing, type Tracing } from '@pentimento/tracing'
import pino from 'pino'
import type {} from 'vitest'
import { Engine } from '../../engine/engine.ts'
import { engineEnv, rows, scriptedEngine } from '../../engine/testing/requests.ts'
import type { Script } from '../../engine/testing/scripted-engine.ts'
import { createMetrics, type WorkerMetrics } from '../../metrics.ts'
import { createJobObserver } from '../observe.ts'
import { observeEngine } from '../observe-engine.ts'
import { createJobHandler, type JobDeps } from '../run-job.ts'
import { createSlots } from '../slots.ts'
import { img2imgRequest } from './job-requests.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    redisUrl: string
  }
}

/**
 * A real Redis namespace, file storage and engine process for tests of jobs. The engine follows the script in the
 * prompt.
 */
export interface JobBench {
  state: State
  store: ObjectStore
  engine: Engine
  metrics: WorkerMetrics
  /** What webhooks would be sent for, in order: `started`, `ended`. */
  notices: string[]
  /** Starts one worker on the bench's queue; several share the work. */
  startWorker(overrides?: Partial<JobDeps>): Promise<{ consumer: Consumer; draining: AbortController }>
  /** Stores the inputs and queues a job. */
  submit(request: JobRequest): Promise<string>
  /** The record once the job has ended. */
  ended(id: string): Promise<JobRecord>
  record(id: string): Promise<JobRecord>
  /** Names of all objects of the job. */
  objects(id: string): Promise<string[]>
  /** Ends the workers and forgets the notices, for the next test: the engine takes as long to start as most of them. */
  reset(): Promise<void>
  close(): Promise<void>
}

export function scripted(script: Script, overrides: Parameters<typeof img2imgRequest>[0] = {}): JobRequest {
  return img2imgRequest({ prompt: JSON.stringify(script), steps: 5, ...overrides })
}

/** Grey on the left, black on the right. */
const picture = { width: 8, height: 8, data: Uint8Array.from({ length: 192 }, (_, i) => (i % 24 < 12 ? 128 : 0)) }

/** By role; the mask is white on the left, and what it is held to light grey. */
const pictures = {
  source: picture,
  reference: picture,
  mask: { width: 8, height: 8, data: Uint8Array.from({ length: 192 }, (_, i) => (i % 24 < 12 ? 255 : 0)) },
  control: { width: 8, height: 8, data: new Uint8Array(192).fill(200) },
}

export async function openJobBench(
  redisUrl: string,
  extra: { secretsKey?: string; tracing?: Tracing; slots?: number } = {},
): Promise<JobBench> {
  const dir = await mkdtemp(join(tmpdir(), 'pentimento-worker-'))
  const { slots: slotCount = 1, ...given } = extra
  const options = {
    redisUrl,
    namespace: `worker-${randomUUID()}`,
    onError: () => {},
    ...given,
  }
  const state = await openState(options)
  const store = await openStore(pathToFileURL(dir).href)
  const metrics = createMetrics()
  const engine = new Engine(
    observeEngine(metrics, {
      entry: scriptedEngine,
      init: { device: 'cpu', modelMemoryBytes: 1000, loadMode: 'fast', slots: slotCount, rows, warmShapes: [] },
      env: engineEnv,
      startTimeoutMs: 30_000,
      cancelGraceMs: 300,
      onOutput: () => {},
      onState: () => {},
    }),
  )
  await engine.start()
  const notices: string[] = []
  const slots = createSlots({ count: () => engine.slots, megapixels: 32 })
  const workers: { consumer: Consumer; draining: AbortController }[] = []

  async function record(id: string): Promise<JobRecord> {
    const found = await state.jobs.get('default', id)
    if (!found || 'gone' in found) throw new Error(`${id} is gone`)
    return found
  }

  async function reset(): Promise<void> {
    await Promise.all(workers.splice(0).map(({ consumer }) => consumer.shutdown()))
    notices.length = 0
  }

  return {
    state,
    store,
    engine,
    metrics,
    notices,
    record,
    async startWorker(overrides = {}) {
      const draining = new AbortController()
      const handler = createJobHandler({
        jobs: state.jobs,
        events: state.events,
        store,
        engine,
        slots,
        models: new Map([['tiny-sd1', { ref: { id: 'tiny-sd1', dir: '/tiny-sd1', bytes: 1 } }]]),
        adapters: {
          entries: [],
          loras: new Map([['detail', '/loras/detail.safetensors']]),
          embeddings: new Map(),
          upscalers: new Map(),
          references: new Map(),
          controls: new Map([['edges', { path: '/controlnet/edges.safetensors', bytes: 1 }]]),
          safetyChecker: '/safety_checker/model.safetensors',
          bundled: new Map(),
        },
        workerId: 'bench',
        jobTimeoutMs: 20_000,
        notify: {
          started: async () => void notices.push('started'),
          progressed: async () => {},
          ended: async () => void notices.push('ended'),
        },
        observer: createJobObserver(metrics, extra.tracing ?? noTracing),
        draining: draining.signal,
        onModelChanged: () => {},
        log: pino({ level: 'silent' }),
        ...overrides,
      })
      const worker = {
        draining,
        consumer: await state.queue.consume({
          model: 'tiny-sd1',
          handler,
          workerName: 'bench',
          hold: engine.slots + 1,
        }),
      }
      workers.push(worker)
      return worker
    },
    async submit(request) {
      const id = newJobId()
      await state.jobs.begin({ id, request })
      for (const { role, key } of request.inputs) {
        const png = await encode(pictures[role], { format: 'png', quality: 90, metadata: null })
        await store.put(keys.inputKey(request.tenant, id, key), png, { contentType: 'image/png' })
      }
      await state.jobs.enqueue(id)
      return id
    },
    async ended(id) {
      const found = await state.jobs.wait('default', id, { timeoutMs: 30_000 })
      if (!found || 'gone' in found || !isFinal(found.status)) throw new Error(`${id} has not ended`)
      return found
    },
    async objects(id) {
      const prefix = keys.jobPrefix('default', id)
      const names: string[] = []
      for await (const object of store.list(prefix)) names.push(object.key.slice(prefix.length))
      return names
    },
    reset,
    async close() {
      await reset()
      await engine.stop()
      await state.close()
      await rm(dir, { recursive: true, force: true })
    },
  }
}
