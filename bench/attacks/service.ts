import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { freePort } from '@pentimento/free-port'
import { openState } from '@pentimento/state'
import { startTestRedis } from '@pentimento/test-redis'
import { announcedModel, keepAnnouncing } from '../announced-model.ts'

/** What an attack is aimed at, and what the neighbour asks. */
export interface Target {
  url: string
  /** Of the api, whose memory is looked at. */
  pid: number
  /** Keys of two tenants. */
  attacker: string
  neighbour: string
}

export interface Service extends Target {
  redisUrl: string
  stop(): Promise<void>
}

/**
 * Starts the api of a checkout as its own process with keys on, beside a Redis and a storage folder of its own. It may
 * fetch from loopback.
 */
export async function startService(checkout: string): Promise<Service> {
  const folder = await mkdtemp(join(tmpdir(), 'pentimento-attacks-'))
  const redis = await startTestRedis()
  const redisUrl = redis.url
  const state = await openState({ redisUrl, onError: () => {} })
  const stopAnnouncing = await keepAnnouncing(state)
  const tokenOf = async (tenant: string) =>
    (await state.tenants.createKey({ tenant, scopes: ['submit', 'read'] })).token
  const [attacker, neighbour] = [await tokenOf('attacker'), await tokenOf('neighbour')]
  const port = await freePort()
  const api = fork(join(resolve(checkout), 'services/api/src/main.ts'), [], {
    cwd: checkout,
    // As `npm start` does.
    execArgv: ['--max-semi-space-size=16', '--conditions=source', '--disable-warning=ExperimentalWarning'],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    env: {
      ...process.env,
      PORT: String(port),
      REDIS_URL: redisUrl,
      STORAGE_URL: pathToFileURL(join(folder, 'storage')).href,
      SECRETS_KEY: Buffer.alloc(32, 7).toString('base64'),
      DEFAULT_MODEL: announcedModel.id,
      AUTH: 'keys',
      OUTBOUND_ALLOW: '127.0.0.1',
      WEBHOOK_ALLOW_HTTP: 'on',
      LOG_LEVEL: 'fatal',
    },
  })
  const url = `http://127.0.0.1:${port}`
  while (!(await isReady(url))) {
    if (api.exitCode !== null) throw new Error(`the api of ${checkout} ended with ${api.exitCode} while starting`)
    await sleep(100)
  }
  return {
    url,
    pid: api.pid ?? 0,
    attacker,
    neighbour,
    redisUrl,
    async stop() {
      stopAnnouncing()
      await end(api)
      await state.close()
      await redis.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit')
  child.kill('SIGKILL')
  await exited
}

async function isReady(url: string): Promise<boolean> {
  return fetch(`${url}/readyz`, { signal: AbortSignal.timeout(5000) }).then(
    (answer) => answer.ok,
    () => false,
  )
}
