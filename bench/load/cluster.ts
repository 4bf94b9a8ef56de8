import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { freePort } from '@pentimento/free-port'
import { openState } from '@pentimento/state'
import { redisCommand } from '@pentimento/test-redis'
import { Redis } from 'ioredis'
import { type ChildProgram, startProgram } from '../../services/cli/src/child-program.ts'
import { testSettings, tinyModels } from '../../services/cli/src/testing/stack-config.ts'
import { untilOk } from '../chaos/cluster.ts'

export interface Tenant {
  name: string
  token: string
  weight: number
}

/** A Redis, one api with keys, and workers whose engines sleep. */
export interface BenchCluster {
  url: string
  tenants: Tenant[]
  redis: Redis
  /** Where the Prometheus figures are. */
  metrics: { api: string; workers: string[] }
  storageDir: string
  stop(): Promise<void>
}

export interface BenchClusterOptions {
  workers: number
  tenants: number
  /** Jobs of one tenant that may wait, and of all. */
  maxQueued: number
  maxQueueDepth: number
}

export const MODEL = 'tiny-sd1'
/** What odd and even tenants have, so that their shares differ under overload. */
const WEIGHTS = [1, 3] as const

export async function startBenchCluster(options: BenchClusterOptions): Promise<BenchCluster> {
  const dir = await mkdtemp(join(tmpdir(), 'pentimento-load-'))
  const programs: ChildProgram[] = []
  const [redisPort, port, metricsPort] = [await freePort(), await freePort(), await freePort()]
  const redisUrl = `redis://127.0.0.1:${redisPort}`
  const { program, args } = redisCommand(redisPort, dir)
  programs.push(startProgram('redis', program, args, { env: {}, output: 'ignore' }))
  const storageDir = join(dir, 'storage')
  const env: NodeJS.ProcessEnv = {
    ...testSettings(),
    ...tinyModels(),
    MODELS: MODEL,
    REDIS_URL: redisUrl,
    STORAGE_URL: pathToFileURL(storageDir).href,
    DATA_DIR: dir,
    SECRETS_KEY: randomBytes(32).toString('base64'),
    LOG_LEVEL: 'warn',
  }
  const start = (name: string, path: string, extra: NodeJS.ProcessEnv) => {
    const args = [
      '--conditions=source',
      '--disable-warning=ExperimentalWarning',
      fileURLToPath(new URL(path, import.meta.url)),
    ]
    programs.push(
      startProgram(name, process.execPath, args, { env: { ...env, ...extra }, output: 'inherit', channel: true }),
    )
  }
  const workerPorts = await Promise.all(Array.from({ length: options.workers }, freePort))
  const url = `http://127.0.0.1:${port}`
  const redis = new Redis(redisUrl, { maxRetriesPerRequest: null })
  redis.on('error', () => {})
  const stop = async () => {
    for (const program of programs.toReversed()) await program.stop(20_000)
    redis.disconnect()
    await rm(dir, { recursive: true, force: true })
  }
  try {
    await redis.ping()
    start('api', '../../services/api/src/main.ts', {
      PORT: String(port),
      METRICS_PORT: String(metricsPort),
      AUTH: 'keys',
      MAX_QUEUE_DEPTH: String(options.maxQueueDepth),
    })
    for (const [i, workerPort] of workerPorts.entries()) {
      start(`worker ${i}`, './bench-worker.ts', {
        WORKER_PORT: String(workerPort),
        ROLES: i === 0 ? 'generate,background' : 'generate',
      })
    }
    await untilOk([`${url}/readyz`, ...workerPorts.map((one) => `http://127.0.0.1:${one}/readyz`)])
    return {
      url,
      tenants: await makeTenants(redisUrl, options),
      redis,
      metrics: {
        api: `http://127.0.0.1:${metricsPort}/metrics`,
        workers: workerPorts.map((one) => `http://127.0.0.1:${one}/metrics`),
      },
      storageDir,
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

async function makeTenants(redisUrl: string, { tenants, maxQueued }: BenchClusterOptions): Promise<Tenant[]> {
  const state = await openState({ redisUrl, onError: () => {} })
  const made = await Promise.all(
    Array.from({ length: tenants }, async (_, i) => {
      const name = `tenant-${i + 1}`
      const weight = WEIGHTS[i % WEIGHTS.length] ?? 1
      const { token } = await state.tenants.createKey({
        tenant: name,
        scopes: ['submit', 'read'],
        limits: { weight, maxQueued },
      })
      return { name, token, weight }
    }),
  )
  await state.close()
  return made
}
