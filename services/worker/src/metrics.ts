import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

/** Everything a worker measures; `docs/metrics.md` explains each name. */
export interface WorkerMetrics {
  jobsEnded: Counter<'status' | 'code'>
  stageSeconds: Histogram<'stage' | 'model'>
  stepSeconds: Histogram<'model'>
  batchImages: Histogram<'model'>
  jobsRunning: Gauge
  jobsPrepared: Gauge
  engineRestarts: Counter
  engineResidentBytes: Gauge
  modelLoadedBytes: Gauge<'model'>
  deviceMemoryBytes: Gauge<'device'>
  deviceBusySeconds: Counter
  deviceIdleSeconds: Counter
  callRows: Histogram
  rowsWaiting: Gauge
  shapeWarmupSeconds: Histogram
  swept: Counter<'pass'>
  webhookAttempts: Counter<'outcome'>
  webhookAttemptSeconds: Histogram
  registry: Registry
  /** Adds a reader of what is looked up rather than counted; it runs before each scrape. */
  onScrape(read: () => void | Promise<void>): void
  /** All figures in Prometheus' text format. */
  scrape(): Promise<string>
}

/** What the sweeper does, and what becomes of an attempt to deliver an event: the values of these labels. */
export const sweepPasses = ['deadlines', 'lost', 'pending', 'expired', 'inputs', 'erasures', 'files'] as const
export const webhookOutcomes = ['delivered', 'retry', 'failed', 'stopped'] as const

/** From the blink of a tiny model on a GPU to a large picture on a CPU. */
const STEP_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]
const STAGE_BUCKETS = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 900, 3600]
const ATTEMPT_BUCKETS = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15]

/** Figures in a registry of their own, so that several workers in one process do not share counts. */
export function createMetrics(): WorkerMetrics {
  const registry = new Registry()
  const readers: (() => void | Promise<void>)[] = []
  collectDefaultMetrics({ register: registry, prefix: 'pentimento_worker_' })
  const figures = { ...createFigures([registry]), ...createDeviceFigures([registry]) }
  // A series that begins with its first event looks as if nothing had increased: alerts would miss it.
  for (const pass of sweepPasses) figures.swept.inc({ pass }, 0)
  for (const outcome of webhookOutcomes) figures.webhookAttempts.inc({ outcome }, 0)
  for (const status of ['succeeded', 'canceled', 'expired']) figures.jobsEnded.inc({ status, code: '' }, 0)
  return {
    ...figures,
    registry,
    onScrape: (read: () => void | Promise<void>) => void readers.push(read),
    async scrape() {
      for (const read of readers) await read()
      return registry.metrics()
    },
  }
}

/** What the device is doing. */
function createDeviceFigures(registers: Registry[]) {
  return {
    deviceBusySeconds: new Counter({
      name: 'pentimento_device_busy_seconds_total',
      help: 'Time in which the device loaded or computed',
      registers,
    }),
    deviceIdleSeconds: new Counter({
      name: 'pentimento_device_idle_with_work_seconds_total',
      help: 'Time in which the device did nothing although something waited for it',
      registers,
    }),
    callRows: new Histogram({
      name: 'pentimento_call_rows',
      help: 'Rows of one call of a UNet: a guided picture has two',
      buckets: [1, 2, 4, 6, 8, 12, 16, 24, 32],
      registers,
    }),
    rowsWaiting: new Gauge({ name: 'pentimento_rows_waiting', help: 'Rows that wait for the device', registers }),
    shapeWarmupSeconds: new Histogram({
      name: 'pentimento_shape_warmup_seconds',
      help: 'Time of the first call of a shape that the device had not seen',
      buckets: STEP_BUCKETS,
      registers,
    }),
  }
}

function createFigures(registers: Registry[]) {
  const gauge = (name: string, help: string) => new Gauge({ name, help, registers })
  return {
    jobsEnded: new Counter({
      name: 'pentimento_jobs_ended_total',
      help: 'Jobs that ended, by status and, where they failed, by error code',
      labelNames: ['status', 'code'],
      registers,
    }),
    stageSeconds: new Histogram({
      name: 'pentimento_job_stage_seconds',
      help: 'Time that each stage of a succeeded job took',
      labelNames: ['stage', 'model'],
      buckets: STAGE_BUCKETS,
      registers,
    }),
    stepSeconds: new Histogram({
      name: 'pentimento_step_seconds',
      help: 'Time of one sampler step, for all images of its batch',
      labelNames: ['model'],
      buckets: STEP_BUCKETS,
      registers,
    }),
    batchImages: new Histogram({
      name: 'pentimento_batch_images',
      help: 'Images that the engine paints together',
      labelNames: ['model'],
      buckets: [1, 2, 4, 8],
      registers,
    }),
    jobsRunning: gauge('pentimento_jobs_running', 'Jobs in the engine'),
    jobsPrepared: gauge('pentimento_jobs_prepared', 'Jobs whose inputs are decoded and that wait for the engine'),
    engineRestarts: new Counter({
      name: 'pentimento_engine_restarts_total',
      help: 'Times the engine was up again after its first start',
      registers,
    }),
    engineResidentBytes: gauge('pentimento_engine_resident_bytes', 'Resident memory of the engine process'),
    modelLoadedBytes: new Gauge({
      name: 'pentimento_model_loaded_bytes',
      help: 'Weights of the models that the engine holds in memory',
      labelNames: ['model'],
      registers,
    }),
    deviceMemoryBytes: new Gauge({
      name: 'pentimento_device_memory_bytes',
      help: 'Memory of the device that the engine runs on, as this worker announces it',
      labelNames: ['device'],
      registers,
    }),
    swept: new Counter({
      name: 'pentimento_swept_total',
      help: 'Jobs that a pass of the sweeper acted on',
      labelNames: ['pass'],
      registers,
    }),
    webhookAttempts: new Counter({
      name: 'pentimento_webhook_attempts_total',
      help: 'Attempts to deliver an event, by what became of the delivery',
      labelNames: ['outcome'],
      registers,
    }),
    webhookAttemptSeconds: new Histogram({
      name: 'pentimento_webhook_attempt_seconds',
      help: 'Time that one attempt to deliver an event took',
      buckets: ATTEMPT_BUCKETS,
      registers,
    }),
  }
}
