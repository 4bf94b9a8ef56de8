import { randomBytes } from 'node:crypto'
import { hostname } from 'node:os'
import { withoutSecrets } from '@pentimento/contracts'
import { createOutbound } from '@pentimento/outbound'
import { openState } from '@pentimento/state'
import { openStore } from '@pentimento/storage'
import { openTracing } from '@pentimento/tracing'
import pino from 'pino'
import { startBackground } from './background/start-background.ts'
import { loadConfig } from './config.ts'
import { startGenerate } from './generate/start-generate.ts'
import { startHealthServer } from './health.ts'
import { createLog } from './log.ts'
import { createMetrics } from './metrics.ts'
import type { RunningRole } from './role.ts'
import { createJobNotices } from './webhooks/job-notices.ts'

/** Redis may come up later than this process. */
const REDIS_PATIENCE_MS = 60_000
/** Beyond DRAIN_TIMEOUT and CANCEL_GRACE, for handing jobs back and closing. */
const STOP_GRACE_MS = 5000

async function main(): Promise<void> {
  const config = loadConfig(process.env)
  const workerId = `${hostname()}-${process.pid}-${randomBytes(3).toString('hex')}`
  // Written at once: at the exit, pino's buffered destination tries for ever to flush into a pipe that nobody reads any
  // more.
  const destination = pino.destination({ dest: 1, sync: true })
  const log = createLog(config.log.level, { service: 'worker', worker: workerId }, destination)
  const store = await openStore(config.storage.url, { s3: config.storage.s3 })
  const state = await openState({
    ...config.state,
    patienceMs: REDIS_PATIENCE_MS,
    onError: (err) => log.warn({ err }, 'redis'),
  })
  const outbound = createOutbound(config.outbound)

  const metrics = createMetrics()
  const tracing = await openTracing({
    ...config.tracing,
    service: 'pentimento-worker',
    instance: workerId,
    onError: (err) => log.warn({ err }, 'spans were lost'),
  })

  const roles: RunningRole[] = []
  const health = await startHealthServer(
    config.probes,
    () => {
      const all = roles.map((role) => role.readiness())
      return {
        ready: all.length === config.roles.length && all.every(({ ready }) => ready),
        detail: Object.assign({}, ...all.map(({ detail }) => detail)),
      }
    },
    () => metrics.scrape(),
  )
  const stop = stopRequested()

  if (config.roles.includes('background')) {
    const { publicUrl } = config.address
    const { webhookAllowHttp } = config.state
    roles.push(startBackground({ state, store, outbound, publicUrl, webhookAllowHttp, metrics, tracing, log }))
  }
  if (config.roles.includes('generate')) {
    const notify = createJobNotices({
      jobs: state.jobs,
      webhooks: state.webhooks,
      tenants: state.tenants,
      publicUrl: config.address.publicUrl,
      log,
    })
    const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
    const engineEntry = new URL(`./engine/main.${extension}`, import.meta.url)
    roles.push(
      await startGenerate({
        config,
        state,
        store,
        notify,
        workerId,
        engineEntry,
        metrics,
        tracing,
        log,
        onFatal: stop.fail,
      }),
    )
  }
  log.info({ roles: config.roles, health: health.port }, 'started')

  const { reason, failed } = await stop.requested
  log[failed ? 'error' : 'info']({ reason }, 'stopping')
  if (failed) process.exitCode = 1
  setTimeout(() => process.exit(1), config.drainTimeoutMs + config.engine.cancelGraceMs + STOP_GRACE_MS).unref()
  await Promise.all(roles.map((role) => role.stop()))
  await health.close()
  await Promise.all([outbound.close(), tracing.close()])
  await state.close()
}

/** Asked for by a signal, by the end of the program that started this one, or by a role that cannot go on. */
function stopRequested(): { requested: Promise<{ reason: string; failed: boolean }>; fail: (reason: string) => void } {
  const { promise, resolve } = Promise.withResolvers<{ reason: string; failed: boolean }>()
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      resolve({ reason: signal, failed: false })
      // Asked a second time, there is no more patience: the jobs come back to the queue by their locks.
      process.once(signal, () => process.exit(1))
    })
  }
  process.once('disconnect', () => resolve({ reason: 'the program that started this worker is gone', failed: false }))
  return { requested: promise, fail: (reason) => resolve({ reason, failed: true }) }
}

main().then(
  // The channel to a parent would keep a finished worker alive.
  () => process.exit(),
  (error: unknown) => {
    process.stderr.write(`error: ${withoutSecrets(error instanceof Error ? error.message : String(error))}\n`)
    process.exit(1)
  },
)
