import type { Consumer, State } from '@pentimento/state'
import type { ObjectStore } from '@pentimento/storage'
import type { Tracing } from '@pentimento/tracing'
import type { Logger } from 'pino'
import type { Config } from '../config.ts'
import { Engine, type EngineOptions } from '../engine/engine.ts'
import { EngineError } from '../engine/engine-error.ts'
import type { Readiness } from '../health.ts'
import type { WorkerMetrics } from '../metrics.ts'
import { type FoundModels, findModels, readAgain } from '../models/find-models.ts'
import { loadModeFor } from '../models/load-mode.ts'
import type { RunningRole } from '../role.ts'
import { startAnnouncing } from './announce.ts'
import { adaptersOf, announced } from './announced-models.ts'
import { deviceMemory } from './device-memory.ts'
import { createJobObserver } from './observe.ts'
import { observeEngine, residentBytes } from './observe-engine.ts'
import type { JobNotices } from './run-attempt.ts'
import { createJobHandler } from './run-job.ts'
import { createSlots } from './slots.ts'
import { warmUp } from './warm-up.ts'

interface GenerateDeps {
  config: Config
  state: State
  store: ObjectStore
  notify: JobNotices
  workerId: string
  /** Main module of the engine. */
  engineEntry: URL
  log: Logger
  metrics: WorkerMetrics
  tracing: Tracing
  /** The engine cannot be started any more: the process is of no use. */
  onFatal: (reason: string) => void
}

const ENGINE_START_MS = 60_000

type Phase = 'starting' | 'ready' | 'draining'

/** The `generate` role: an engine, its models, and a consumer for the queue of each. */
export async function startGenerate(deps: GenerateDeps): Promise<RunningRole> {
  const { config, state, log } = deps
  const found = await findModels(config.models, (message) => log.warn(message))
  const { adapters, stop: stopFollowing } = await adaptersOf(config, found, log, () => announcer.now())
  const engine = new Engine(observeEngine(deps.metrics, engineOptions(deps, found)))
  const draining = new AbortController()
  let phase: Phase = 'starting'
  const consumers = new Map<string, Consumer>()
  let memory: number | null = null

  const announcer = startAnnouncing(
    state.workers,
    () => ({
      workerId: deps.workerId,
      state: engine.state === 'failed' ? 'failed' : phase === 'ready' && engine.running > 0 ? 'busy' : phase,
      device: engine.device?.device ?? config.engine.device,
      deviceMemory: memory,
      slots: engine.slots,
      models: announced(found, adapters),
      adapters: adapters.entries,
    }),
    (error) => log.warn({ err: error }, 'the worker could not announce itself'),
  )

  const slots = createSlots({
    count: () => engine.slots,
    megapixels: config.engine.slotMegapixels,
    onChange: (turn, running) => holdItems(consumers, turn, running),
  })
  const handler = createJobHandler({
    jobs: state.jobs,
    events: state.events,
    store: deps.store,
    engine,
    slots,
    models: found.models,
    adapters,
    workerId: deps.workerId,
    jobTimeoutMs: config.jobTimeoutMs,
    notify: deps.notify,
    observer: createJobObserver(deps.metrics, deps.tracing),
    draining: draining.signal,
    onModelChanged: (model) => void readAgain(found, model, (message) => log.warn(message)).then(announcer.now),
    log,
  })
  measureOnScrape(deps.metrics, engine, slots)

  async function open(): Promise<void> {
    const { loadMs } = await warmUp(engine, found.default, config.jobTimeoutMs)
    const device = engine.device?.device ?? config.engine.device
    memory = await deviceMemory(device, config.engine.env.CUDA_VISIBLE_DEVICES)
    if (memory !== null) deps.metrics.deviceMemoryBytes.set({ device }, memory)
    log.info({ model: found.default.ref.id, device, memory, loadMs: Math.round(loadMs) }, 'warmed up')
    const hold = found.models.size === 1 ? engine.slots + 1 : 1
    for (const model of found.models.keys()) {
      if (draining.signal.aborted) return
      consumers.set(model, await state.queue.consume({ model, handler, workerName: deps.workerId, hold }))
    }
    if (phase === 'starting') phase = 'ready'
    announcer.now()
  }

  const opened = open().catch((error) => {
    if (!draining.signal.aborted) endUnstarted(deps, error)
  })

  return {
    readiness: () => readinessOf(phase, engine, announcer, found.default.ref.id),
    async stop() {
      phase = 'draining'
      draining.abort('shutdown')
      announcer.now()
      if (consumers.size === 0) await engine.stop()
      await opened
      await drainAll([...consumers.values()], config.drainTimeoutMs)
      await Promise.all([stopFollowing(), announcer.stop()])
      await engine.stop()
    },
  }
}

/** Every model has one item prepared beside those that run; that whose turn it is, also while its last is stored. */
function holdItems(consumers: ReadonlyMap<string, Consumer>, turn: string, running: ReadonlyMap<string, number>): void {
  if (consumers.size < 2) return
  for (const [model, consumer] of consumers) {
    void consumer.hold(Math.max(running.get(model) ?? 0, model === turn ? 1 : 0) + 1)
  }
}

function measureOnScrape(metrics: WorkerMetrics, engine: Engine, slots: { waiting: number }): void {
  metrics.onScrape(async () => {
    metrics.jobsRunning.set(engine.running)
    metrics.jobsPrepared.set(slots.waiting)
    metrics.engineResidentBytes.set(await residentBytes(engine.pid))
  })
}

function readinessOf(phase: Phase, engine: Engine, { heard }: { heard: boolean }, defaultModel: string): Readiness {
  return {
    ready: phase === 'ready' && engine.state === 'ready' && heard,
    detail: {
      generate: phase,
      engine: engine.state,
      device: engine.device ?? null,
      default_model: defaultModel,
      redis: heard ? 'reached' : 'not reached',
    },
  }
}

function endUnstarted({ log, onFatal }: GenerateDeps, error: unknown): void {
  log.error({ err: error, ...(error instanceof EngineError && { detail: error.detail }) }, 'the worker cannot start')
  onFatal(`the worker cannot start: ${error instanceof Error ? error.message : error}`)
}

function engineOptions({ config, engineEntry, log, onFatal }: GenerateDeps, { models }: FoundModels): EngineOptions {
  const { device, threads, slots, rows, warmShapes, modelMemoryBytes, load, cancelGraceMs, env } = config.engine
  const loadMode =
    load === 'auto'
      ? loadModeFor(
          [...models.values()].map(({ ref }) => ref.bytes),
          modelMemoryBytes,
        )
      : load
  return {
    entry: engineEntry,
    init: { device, modelMemoryBytes, loadMode, slots, rows, warmShapes, ...(threads !== null && { threads }) },
    env,
    startTimeoutMs: ENGINE_START_MS,
    cancelGraceMs,
    onOutput: (line) => log.debug({ engine: line }, 'the engine printed a line'),
    onState: (state, detail) => {
      log[state === 'failed' ? 'error' : 'info']({ engine: state }, detail)
      if (state === 'failed') onFatal(detail)
    },
  }
}

async function drainAll(consumers: readonly Consumer[], ms: number): Promise<void> {
  await settledWithin(Promise.all(consumers.map((consumer) => consumer.drain())), ms)
  await Promise.all(consumers.map((consumer) => consumer.shutdown()))
}

async function settledWithin(promise: Promise<unknown>, ms: number): Promise<void> {
  const timeout = Promise.withResolvers<void>()
  const timer = setTimeout(timeout.resolve, ms)
  await Promise.race([promise.catch(() => {}), timeout.promise])
  clearTimeout(timer)
}
