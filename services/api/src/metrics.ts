import { errorCodes, errorTable } from '@pentimento/contracts'
import type { State } from '@pentimento/state'
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

/** The API that a job came by. */
export type Via = 'native' | 'openai' | 'a1111' | 'replicate'

/** Everything the api measures; `docs/metrics.md` explains each name. */
export interface Metrics {
  requestSeconds: Histogram<'method' | 'route' | 'status'>
  submitted: Counter<'kind' | 'model' | 'via'>
  refused: Counter<'code'>
  eventStreams: Gauge
  ended: Counter<'status' | 'code'>
  registry: Registry
  /** All figures in Prometheus' text format, those of the queues read from Redis now. */
  scrape(): Promise<string>
}

/** Figures in a registry of their own, so that several apps in one process do not share counts. */
export function createMetrics(state: State): Metrics {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry, prefix: 'pentimento_api_' })
  const readQueues = queueGauges(state, registers)
  const metrics = {
    requestSeconds: new Histogram({
      name: 'pentimento_http_request_seconds',
      help: 'Time from the head of a request to the end of its answer, by route pattern',
      labelNames: ['method', 'route', 'status'],
      buckets: [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60],
      registers,
    }),
    submitted: new Counter({
      name: 'pentimento_jobs_submitted_total',
      help: 'Jobs accepted, replays apart',
      labelNames: ['kind', 'model', 'via'],
      registers,
    }),
    refused: new Counter({
      name: 'pentimento_requests_refused_total',
      help: 'Answers other than success, by their code',
      labelNames: ['code'],
      registers,
    }),
    eventStreams: new Gauge({ name: 'pentimento_event_streams', help: 'Open streams of job events', registers }),
    ended: new Counter({
      name: 'pentimento_jobs_ended_total',
      help: 'Jobs that were canceled while they waited; workers count every other end under the same name',
      labelNames: ['status', 'code'],
      registers,
    }),
  }
  // A series that begins with its first event looks as if nothing had increased: alerts would miss it.
  for (const code of errorCodes) if (errorTable[code].status !== 0) metrics.refused.inc({ code }, 0)
  metrics.ended.inc({ status: 'canceled', code: '' }, 0)
  return {
    ...metrics,
    registry,
    async scrape() {
      await readQueues()
      return registry.metrics()
    },
  }
}

/**
 * What stands in Redis is the same from every api process: take it from one of them, or the maximum. Without Redis
 * these figures are absent.
 */
function queueGauges(state: State, registers: Registry[]): () => Promise<void> {
  const labelNames = ['model'] as const
  const gauge = (name: string, help: string) => new Gauge({ name, help, labelNames, registers })
  const waiting = gauge('pentimento_queue_waiting', 'Jobs that wait')
  const active = gauge('pentimento_queue_active', 'Jobs that workers hold')
  const running = gauge('pentimento_queue_running', 'Jobs in the engines of workers')
  const oldest = gauge('pentimento_queue_oldest_wait_seconds', 'Age of the oldest waiting job')
  const workers = gauge('pentimento_workers', 'Workers that are ready, busy or starting')
  const jobs = gauge('pentimento_queue_jobs', 'Jobs that wait or that workers hold')
  const backlog = gauge(
    'pentimento_queue_backlog_seconds',
    'Seconds that one worker would need for what waits and runs: what an autoscaler divides by the seconds of work that a worker should have before it',
  )

  const states = new Gauge({
    name: 'pentimento_worker_states',
    help: 'Workers that announce themselves, by what they say of themselves',
    labelNames: ['state', 'device'],
    registers,
  })

  return async () => {
    for (const each of [waiting, active, running, oldest, workers, jobs, backlog, states]) each.reset()
    try {
      for (const { state: saying, device } of await state.workers.list()) states.inc({ state: saying, device })
      const catalogue = await state.workers.catalogue()
      for (const { entry, workers: count } of catalogue) workers.set({ model: entry.id }, count)
      for (const depth of await state.queue.depths(catalogue.map(({ entry }) => entry.id))) {
        const { model } = depth
        waiting.set({ model }, depth.waiting)
        active.set({ model }, depth.active)
        running.set({ model }, depth.running)
        oldest.set({ model }, depth.oldestWaitMs / 1000)
        jobs.set({ model }, depth.waiting + depth.active)
        backlog.set({ model }, depth.backlogSeconds)
      }
    } catch {
      // The process's own figures are what one needs most while Redis is away.
    }
  }
}
