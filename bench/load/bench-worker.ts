import { createOutbound } from '@pentimento/outbound'
import { openState } from '@pentimento/state'
import { openStore } from '@pentimento/storage'
import { noTracing } from '@pentimento/tracing'
import pino from 'pino'
import { startBackground } from '../../services/worker/src/background/start-background.ts'
import { loadConfig } from '../../services/worker/src/config.ts'
import { startGenerate } from '../../services/worker/src/generate/start-generate.ts'
import { startHealthServer } from '../../services/worker/src/health.ts'
import { createMetrics } from '../../services/worker/src/metrics.ts'
import type { RunningRole } from '../../services/worker/src/role.ts'
import { createJobNotices } from '../../services/worker/src/webhooks/job-notices.ts'

// A worker as services/worker/src/main.ts makes it, but for its engine: the program that is named, by default one that
// sleeps.
const config = loadConfig(process.env)
const { publicUrl } = config.address
const { webhookAllowHttp } = config.state
const workerId = `bench-${process.pid}`
const log = pino({ level: config.log.level, base: { service: 'worker', worker: workerId } })
const store = await openStore(config.storage.url)
const state = await openState({
  ...config.state,
  onError: (err) => log.warn({ err }, 'redis'),
})
const outbound = createOutbound(config.outbound)
const metrics = createMetrics()
const notify = createJobNotices({ jobs: state.jobs, webhooks: state.webhooks, tenants: state.tenants, publicUrl, log })
const engineEntry = new URL(process.argv[2] ?? './sleeping-engine.ts', import.meta.url)
const shared = { state, store, metrics, tracing: noTracing, log }
const roles: RunningRole[] = [
  await startGenerate({ ...shared, config, notify, workerId, engineEntry, onFatal: () => process.exit(1) }),
]
if (config.roles.includes('background')) {
  roles.push(startBackground({ ...shared, outbound, publicUrl, webhookAllowHttp }))
}
const readiness = () => ({ ready: roles.every((role) => role.readiness().ready), detail: {} })
await startHealthServer(config.probes, readiness, () => metrics.scrape())

async function stop(): Promise<void> {
  await Promise.all(roles.map((role) => role.stop()))
  await outbound.close()
  await state.close()
  process.exit()
}
process.once('SIGTERM', stop)
process.once('disconnect', stop)
