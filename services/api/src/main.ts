import { hostname } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { SettingsError, withoutSecrets } from '@pentimento/contracts'
import { createOutbound } from '@pentimento/outbound'
import { loadPage } from '@pentimento/playground'
import { openState, StateUnavailable } from '@pentimento/state'
import { openStore } from '@pentimento/storage'
import { openTracing } from '@pentimento/tracing'
import pino from 'pino'
import { createApp } from './app.ts'
import { loadConfig } from './config.ts'
import { listen } from './http/listen.ts'
import { publicPath } from './http/public-path.ts'
import { createLog } from './log.ts'
import { createMetrics } from './metrics.ts'
import { serveMetrics } from './metrics-server.ts'

/**
 * The heap may grow to three times what lives in it before V8 collects all of it. By itself V8 keeps much closer, and
 * did so after every thirty uploads, which was a sixth of the time of a busy api (docs/scaling.md).
 */
setFlagsFromString('--heap-growing-percent=200')

/** A client is told within three seconds that the storage is down. */
const storageLimits = { timeoutMs: 1500, deadlineMs: 2500 }

/** Redis may come up later than this process. */
const redisPatienceMs = 60_000

/** Requests under way get this long to end before the process does. */
const closeMs = 12_000

async function main(): Promise<void> {
  const config = loadConfig(process.env)
  // Written at once: at the exit, pino's buffered destination tries for ever to flush into a pipe that nobody reads any
  // more.
  const destination = pino.destination({ dest: 1, sync: true })
  const log = createLog(config.log.level, { service: 'api' }, destination)
  const state = await openState({
    ...config.state,
    patienceMs: redisPatienceMs,
    onError: (err) => log.warn({ err }, 'redis'),
  })
  const outbound = createOutbound(config.outbound)
  const metrics = createMetrics(state)
  const tracing = await openTracing({
    ...config.tracing,
    service: 'pentimento-api',
    instance: `${hostname()}-${process.pid}`,
    onError: (err) => log.warn({ err }, 'spans were lost'),
  })
  const draining = new AbortController()
  const { host: named, port, publicUrl } = config.address
  const {
    metricsPort,
    drainDelayMs,
    defaultModel,
    corsOrigins,
    maxQueueDepth,
    tenantStorage,
    uploadMemory,
    heartbeatMs,
  } = config.api
  const address = { auth: config.api.auth, host: named, publicUrl }
  const app = await createApp({
    ...address,
    state,
    store: await openStore(config.storage.url, { s3: config.storage.s3, ...storageLimits }),
    outbound,
    log,
    metrics,
    tracing,
    defaultModel,
    corsOrigins,
    webhookAllowHttp: config.state.webhookAllowHttp,
    maxQueueDepth,
    safety: config.safety,
    tenantStorage,
    uploadMemory,
    heartbeatMs,
    page: await loadPage(publicPath(publicUrl)),
    draining: draining.signal,
  })
  // A server of our own listens to one address, and `localhost` may have two.
  const host = named === 'localhost' ? '127.0.0.1' : named
  const close = await listen(app, { host, port }).catch((error: unknown) => {
    throw new SettingsError(listenProblem(named, port, error))
  })
  const figures = metricsPort && (await serveMetrics(metrics, { ...address, state }, metricsPort))
  log.info({ url: publicUrl }, 'listening')

  const reason = await stopRequested()
  log.info({ reason }, 'draining')
  setTimeout(() => process.exit(1), drainDelayMs + closeMs).unref()
  // First the probe says so, then, once balancers have looked, the streams end and the port closes.
  draining.abort()
  await sleep(drainDelayMs)
  await close()
  if (figures) figures.close()
  await Promise.all([state.close(), outbound.close(), tracing.close()])
}

function listenProblem(host: string, port: number, error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code
  if (code === 'EADDRINUSE') return `PORT: something else listens on ${host}:${port}; stop it, or set another PORT`
  if (code === 'EACCES') return `PORT: ${port} may not be used by this user; set one above 1023`
  return `HOST: cannot listen on ${host}:${port}: ${error instanceof Error ? error.message : String(error)}`
}

/** Resolves on SIGTERM or SIGINT, or when the program that started this one is gone. */
function stopRequested(): Promise<string> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, resolve)
    process.once('disconnect', () => resolve('parent gone'))
  })
}

main().then(
  // Whatever still holds the event loop, such as the channel to a parent, is not waited for.
  () => process.exit(0),
  (error: unknown) => {
    const known = error instanceof SettingsError || error instanceof StateUnavailable
    const text = known ? error.message : error instanceof Error ? error.stack : String(error)
    process.stderr.write(`error: ${withoutSecrets(String(text))}\n`)
    process.exit(1)
  },
)
