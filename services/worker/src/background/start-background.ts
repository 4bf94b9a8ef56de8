import type { Outbound } from '@pentimento/outbound'
import type { State } from '@pentimento/state'
import type { ObjectStore } from '@pentimento/storage'
import type { Tracing } from '@pentimento/tracing'
import type { Logger } from 'pino'
import type { WorkerMetrics } from '../metrics.ts'
import { repeat } from '../repeat.ts'
import type { RunningRole } from '../role.ts'
import { announceEnd } from '../webhooks/job-notices.ts'
import { startDelivering } from '../webhooks/start-delivering.ts'
import { startSweeping } from './sweep.ts'

interface BackgroundDeps {
  state: State
  store: ObjectStore
  outbound: Outbound
  publicUrl: string
  webhookAllowHttp: boolean
  log: Logger
  metrics: WorkerMetrics
  tracing: Tracing
}

const ANNOUNCE_BATCH = 100
const ANNOUNCE_INTERVAL_MS = 1000
const PING_INTERVAL_MS = 5000

/** The `background` role: sweeps and webhook deliveries. Needs no GPU; any number of processes may have it. */
export function startBackground(deps: BackgroundDeps): RunningRole {
  const { state, log, metrics, tracing } = deps
  const { webhooks, tenants } = state
  let reached = false

  const repetitions = [
    startSweeping(state, deps.store, log, metrics),
    startDelivering({ webhooks, outbound: deps.outbound, allowHttp: deps.webhookAllowHttp, metrics, tracing, log }),
    // Ends whose event was not queued: nobody was there to do it, or it crashed in between.
    repeat(
      async () => {
        const ended = await webhooks.unannounced(ANNOUNCE_BATCH)
        for (const job of ended) await announceEnd({ webhooks, tenants, publicUrl: deps.publicUrl }, job)
        return ended.length < ANNOUNCE_BATCH ? 'done' : 'more'
      },
      ANNOUNCE_INTERVAL_MS,
      (error) => log.warn({ err: error }, 'ended jobs could not be announced'),
    ),
    repeat(
      async () => {
        reached = false
        await state.ping()
        reached = true
        return 'done'
      },
      PING_INTERVAL_MS,
      () => {},
    ),
  ]

  return {
    readiness: () => ({ ready: reached, detail: { background: reached ? 'ready' : 'waiting for Redis' } }),
    async stop() {
      await Promise.all(repetitions.map((repetition) => repetition.stop()))
    },
  }
}
