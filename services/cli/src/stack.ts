import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { defaultPublicUrl } from '@pentimento/contracts'
import { freePort } from '@pentimento/free-port'
import { type ChildProgram, startProgram } from './child-program.ts'
import type { CliConfig } from './config.ts'
import { ensureSecretsKey, lockDataDir, redisUrlFile } from './data-dir.ts'
import { startPrivateRedis } from './private-redis.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const readyTimeoutMs = 300_000

/** Api, worker and, without REDIS_URL, a private Redis, ready to accept and run a job. */
export interface Stack {
  url: string
  /** Resolves with the reason when one of the programs ends by itself. */
  broken: Promise<string>
  /** Stops everything that was started, clients first, and gives DATA_DIR back. */
  stop(): Promise<void>
}

/** Starts the stack; rejects, with nothing left behind, when it does not become ready or `signal` is aborted before. */
export async function startStack(
  config: CliConfig,
  options: { logLevel: string; signal: AbortSignal },
): Promise<Stack> {
  const { dataDir } = config.storage
  const unlock = lockDataDir(dataDir)
  const started: ChildProgram[] = []
  const settled = new AbortController()
  const signal = AbortSignal.any([options.signal, settled.signal])
  const stop = async () => {
    for (const program of started.toReversed()) await program.stop(graceMs(program))
    unlock()
  }
  try {
    const redisUrl = config.chosen.redisUrl ?? (await privateRedis(config, started))
    const workerPort = config.chosen.workerPort ?? (await freePort())
    const env: NodeJS.ProcessEnv = {
      ...config.env,
      DATA_DIR: dataDir,
      WORKER_PORT: String(workerPort),
      REDIS_URL: redisUrl,
      SECRETS_KEY: config.state.secretsKey ?? ensureSecretsKey(dataDir),
      LOG_LEVEL: config.chosen.logLevel ?? options.logLevel,
    }
    for (const service of ['worker', 'api']) started.push(startService(service, env))
    const broken = Promise.race(started.map((program) => program.ended))
    const url = config.address.localUrl
    const workerUrl = defaultPublicUrl(config.probes.host, workerPort)
    await Promise.race([
      Promise.all([untilReady(`${url}/readyz`, signal), untilReady(`${workerUrl}/readyz`, signal)]),
      broken.then((how) => Promise.reject(new Error(how))),
    ])
    return { url, broken, stop }
  } catch (error) {
    settled.abort()
    await stop()
    throw error
  }
}

async function privateRedis(config: CliConfig, started: ChildProgram[]): Promise<string> {
  const redis = await startPrivateRedis(config)
  started.push(redis.program)
  writeFileSync(redisUrlFile(config.storage.dataDir), `${redis.url}\n`, { mode: 0o600 })
  return redis.url
}

/**
 * Of an api with thousands of connections, young objects would take 134 MB by themselves and 34 MB so, at the same
 * processor time (docs/scaling.md).
 */
const ofNode: Record<string, string[]> = { api: ['--max-semi-space-size=16'] }

function startService(name: string, env: NodeJS.ProcessEnv): ChildProgram {
  const args = [
    ...(ofNode[name] ?? []),
    '--conditions=source',
    '--disable-warning=ExperimentalWarning',
    join(root, 'services', name, 'src', 'main.ts'),
  ]
  return startProgram(name, process.execPath, args, { env, output: 'inherit', channel: true })
}

/** The worker may need to finish or hand back its job; Redis must write its file. */
function graceMs(program: ChildProgram): number {
  return program.name === 'worker' ? 40_000 : 15_000
}

async function untilReady(url: string, signal: AbortSignal): Promise<void> {
  const until = Date.now() + readyTimeoutMs
  let last = 'no answer'
  while (Date.now() < until) {
    signal.throwIfAborted()
    try {
      const answer = await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(5000)]) })
      if (answer.ok) return
      last = `${answer.status} ${await answer.text()}`
    } catch (error) {
      last = error instanceof Error ? error.message : String(error)
    }
    await sleep(100)
  }
  throw new Error(`${url} was not ready within ${readyTimeoutMs / 1000} s; its last answer: ${last}`)
}
