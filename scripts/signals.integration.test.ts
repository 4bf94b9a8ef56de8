import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freePort } from '../packages/free-port/src/index.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
let dir: string

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'pentimento-signals-'))
})

afterAll(() => rm(dir, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }))

interface Started {
  npm: ChildProcess
  /** Every process below npm, from the top. */
  family(): Promise<number[]>
  ready: Promise<void>
}

/** `npm start`, as a person types it. */
async function npmStart(): Promise<Started> {
  const { PATH, HOME, REDIS_SERVER, THREADS } = process.env
  const env = { PATH, HOME, REDIS_SERVER, THREADS, PORT: String(await freePort()), DATA_DIR: dir }
  const npm = spawn('npm', ['start'], { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true })
  let output = ''
  const ready = new Promise<void>((resolve, reject) => {
    for (const stream of [npm.stdout, npm.stderr])
      stream.on('data', (chunk: Buffer) => {
        output += chunk
        if (/^ready http:/m.test(output)) resolve()
      })
    npm.once('exit', (code) => reject(new Error(`npm start ended with ${code}: ${output}`)))
  })
  // Who ends it while it starts does not wait for it.
  ready.catch(() => {})
  return { npm, ready, family: () => descendants(npm.pid ?? 0) }
}

/** Resolves once the script, Redis, the worker and the api are there, which then load what they are made of. */
async function untilStarting({ npm, family }: Started): Promise<number[]> {
  for (;;) {
    const pids = await family()
    if (pids.length > 4) return pids
    if (npm.exitCode !== null) throw new Error(`npm start ended with ${npm.exitCode}`)
    await sleep(5)
  }
}

async function descendants(pid: number): Promise<number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '')
  const children = text.trim().split(' ').filter(Boolean).map(Number)
  return [...children, ...(await Promise.all(children.map(descendants))).flat()]
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

async function leftAfter(ms: number, pids: number[]): Promise<number[]> {
  for (const until = Date.now() + ms; Date.now() < until && pids.some(isAlive); ) await sleep(50)
  return pids.filter(isAlive)
}

describe.skipIf(process.platform !== 'linux')('npm start', () => {
  it('ends whole when the script below npm is killed', async () => {
    const pids = await untilStarting(await npmStart())
    process.kill(pids[0] ?? 0, 'SIGKILL')
    expect(await leftAfter(15_000, pids)).toEqual([])
  })

  // Half of what a start costs comes after all of its processes are there.
  it.each([
    ['SIGKILL', 'ready'],
    ['SIGINT', 'starting'],
    ['SIGHUP', 'starting'],
    ['SIGTERM', 'ready'],
  ] as const)('ends whole when npm gets %s while it is %s, and can be started again', async (signal, when) => {
    const started = await npmStart()
    if (when === 'ready') await started.ready
    const pids = await untilStarting(started)
    started.npm.kill(signal)
    await once(started.npm, 'exit')
    expect(await leftAfter(15_000, pids)).toEqual([])
  })
})
