import { type ChildProcess, fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import type { ModelEntry } from '@pentimento/contracts'
import { openState } from '@pentimento/state'

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

const model: ModelEntry = {
  id: 'bench',
  title: 'Bench',
  description: 'Announced by the benchmark; nothing runs it.',
  licence: null,
  family: 'sd1',
  native_size: 512,
  sizes: { min: 64, max: 2048, multiple: 8 },
  defaults: { steps: 25, guidance_scale: 7, sampler: 'dpmpp_2m', schedule: 'automatic' },
  prompts: [],
  unsupported: [],
}

/** Starts the api of a checkout as its own process with keys on, beside a Redis and a storage folder of its own. It may fetch from loopback. */
export async function startService(checkout: string): Promise<Service> {
  const folder = await mkdtemp(join(tmpdir(), 'pentimento-attacks-'))
  const redisPort = await freePort()
  const redisUrl = `redis://127.0.0.1:${redisPort}`
  const redis = await startRedis(redisPort, folder)
  const state = await openState({ redisUrl, onError: () => {} })
  const announce = () =>
    state.workers.announce({ workerId: 'bench', state: 'ready', device: 'none', deviceMemory: null, models: [model] })
  await announce()
  const announcing = setInterval(() => void announce().catch(() => {}), 3000)
  const tokenOf = async (tenant: string) =>
    (await state.tenants.createKey({ tenant, scopes: ['submit', 'read'] })).token
  const [attacker, neighbour] = [await tokenOf('attacker'), await tokenOf('neighbour')]
  const port = await freePort()
  const api = fork(join(resolve(checkout), 'services/api/src/main.ts'), [], {
    cwd: checkout,
    execArgv: ['--conditions=source', '--disable-warning=ExperimentalWarning'],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    env: {
      ...process.env,
      PORT: String(port),
      REDIS_URL: redisUrl,
      STORAGE_URL: pathToFileURL(join(folder, 'storage')).href,
      SECRETS_KEY: Buffer.alloc(32, 7).toString('base64'),
      DEFAULT_MODEL: model.id,
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
      clearInterval(announcing)
      await end(api)
      await state.close()
      await end(redis)
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function startRedis(port: number, folder: string): Promise<ChildProcess> {
  const args = `--port ${port} --bind 127.0.0.1 --save  --appendonly yes --maxmemory-policy noeviction --dir ${folder}`
  const server = spawn(process.env.REDIS_SERVER ?? 'redis-server', args.split(' '), {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  for await (const chunk of server.stdout) if (String(chunk).includes('Ready to accept')) break
  return server
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

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}
