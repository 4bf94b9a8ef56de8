import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { freePort } from '@pentimento/free-port'
import { testSettings, tinyModels } from '../../services/cli/src/testing/stack-config.ts'
import { type AttemptLog, createAttemptLog } from './attempts.ts'
import { type Clocks, createClocks } from './clocks.ts'
import { type RedisPair, startRedisPair } from './redis-pair.ts'
import { type Supervised, supervise } from './supervise.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

export interface Cluster {
  urls: string[]
  apis: Supervised[]
  workers: Supervised[]
  redis: RedisPair
  clocks: Clocks
  attempts: AttemptLog
  storageDir: string
  /** Process ids of a worker's engines. */
  engines(worker: Supervised): Promise<number[]>
  stop(): Promise<void>
}

export interface ClusterOptions {
  dir: string
  /** How many of them there are, 2 if not said. */
  apis?: number
  lockSeconds: number
  stalledSeconds: number
  /** Whether Redis has a replica, which every accepted job must reach; and whether clocks can be set. */
  replica?: boolean
  /** More settings for every program. */
  env?: NodeJS.ProcessEnv
  /** Told of every line that a program writes to standard error. */
  onComplaint(line: string): void
}

/** Apis, two GPU-less workers, a background worker and a Redis behind a relay, all real, all in `dir`. */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  const { dir, onComplaint } = options
  const clocks = createClocks(dir)
  const { replica = false } = options
  const redis = await startRedisPair(dir, replica, replica ? clocks.redisEnv : {})
  const attempts = createAttemptLog()
  const env = { ...environment(options, redis.network.port), ...clocks.env }
  const service = (name: string, folder: string, extra: NodeJS.ProcessEnv) =>
    supervise(name, () => {
      const main = join(root, 'services', folder, 'src', 'main.ts')
      const child = spawn(process.execPath, ['--conditions=source', ...(replica ? clocks.execArgv : []), main], {
        env: { ...env, ...extra },
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      if (child.stdout) createInterface(child.stdout).on('line', (line) => attempts.note(name, line))
      if (child.stderr) createInterface(child.stderr).on('line', (line) => onComplaint(`${name}: ${line}`))
      return child
    })
  const urls: string[] = []
  const apis: Supervised[] = []
  for (const name of ['api-1', 'api-2'].slice(0, options.apis)) {
    const port = await freePort()
    urls.push(`http://127.0.0.1:${port}`)
    apis.push(service(name, 'api', { PORT: String(port) }))
  }
  const workers: Supervised[] = []
  for (const name of ['worker-1', 'worker-2'])
    workers.push(service(name, 'worker', { ROLES: 'generate', WORKER_PORT: String(await freePort()) }))
  const backgroundPort = await freePort()
  const background = service('background', 'worker', { ROLES: 'background', WORKER_PORT: String(backgroundPort) })
  const stop = async () => {
    await Promise.all([...apis, ...workers, background].map((one) => one.stop()))
    await redis.stop()
  }
  try {
    await untilOk([...urls.map((url) => `${url}/readyz`), `http://127.0.0.1:${backgroundPort}/readyz`])
  } catch (error) {
    await stop()
    throw error
  }
  return {
    urls,
    apis,
    workers: [...workers, background],
    redis,
    clocks,
    attempts,
    storageDir: join(dir, 'storage'),
    engines: enginesOf,
    stop,
  }
}

/** What every program is given. */
export function environment(
  { dir, lockSeconds, stalledSeconds, replica, env = {} }: Omit<ClusterOptions, 'onComplaint'>,
  redisPort: number,
): NodeJS.ProcessEnv {
  return {
    ...testSettings(),
    ...tinyModels(),
    REDIS_URL: `redis://127.0.0.1:${redisPort}`,
    REDIS_WAIT_REPLICAS: replica ? '1' : '0',
    STORAGE_URL: pathToFileURL(join(dir, 'storage')).href,
    DATA_DIR: dir,
    SECRETS_KEY: randomBytes(32).toString('base64'),
    WEBHOOK_ALLOW_HTTP: 'on',
    OUTBOUND_ALLOW: '127.0.0.1',
    LOCK_DURATION: `${lockSeconds}s`,
    STALLED_INTERVAL: `${stalledSeconds}s`,
    LOG_LEVEL: 'info',
    ...env,
  }
}

async function enginesOf(worker: Supervised): Promise<number[]> {
  const pid = worker.pid()
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '')
  return children.split(' ').filter(Boolean).map(Number)
}

/** Resolves when every URL has answered 2xx. */
export async function untilOk(urls: string[], withinMs = 90_000): Promise<void> {
  for (const url of urls) {
    const until = Date.now() + withinMs
    while (
      !(await fetch(url, { signal: AbortSignal.timeout(2000) }).then(
        (answer) => answer.ok,
        () => false,
      ))
    ) {
      if (Date.now() > until) throw new Error(`${url} does not become ready`)
      await sleep(100)
    }
  }
}
