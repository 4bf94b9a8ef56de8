import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Job } from '@pentimento/contracts'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { form, runJob } from './client.ts'
import { isAlive } from './data-dir.ts'
import { stackConfig } from './testing/stack-config.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const sketch = join(root, 'assets/samples/strawberry-sketch.png')
const main = join(root, 'services/cli/src/main.ts')

let dir: string
const running: ChildProcess[] = []
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'pentimento-start-'))
})
afterEach(async () => {
  for (const child of running.splice(0)) if (child.exitCode === null) child.kill('SIGTERM')
  await rm(dir, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
})

/** Runs `start` as a person does and resolves when it says that it is ready. */
async function start(env: NodeJS.ProcessEnv): Promise<{ child: ChildProcess; url: string; family: number[] }> {
  const child = spawn(process.execPath, ['--conditions=source', main, 'start'], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  running.push(child)
  let output = ''
  const url = await new Promise<string>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk: Buffer) => {
        output += chunk
        const match = /^ready (http:\S+)$/m.exec(output)
        if (match?.[1]) resolve(match[1])
      })
    child.once('exit', (code) => reject(new Error(`start ended with ${code}: ${output}`)))
  })
  return { child, url, family: await descendants(child.pid ?? 0) }
}

/** Every process below this one, by Linux's process table. */
async function descendants(pid: number): Promise<number[]> {
  const children = (await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => ''))
    .trim()
    .split(' ')
    .filter(Boolean)
    .map(Number)
  return [...children, ...(await Promise.all(children.map(descendants))).flat()]
}

async function untilGone(pids: number[], withinMs: number): Promise<number[]> {
  for (const until = Date.now() + withinMs; Date.now() < until && pids.some(isAlive); ) await sleep(50)
  return pids.filter(isAlive)
}

const paint = async (url: string): Promise<Job> =>
  runJob(
    url,
    '/v1/img2img',
    await form({ prompt: 'x', steps: 2, seed: 1 }, { image: sketch }),
    AbortSignal.timeout(30_000),
  )

describe.runIf(process.platform === 'linux')('start', () => {
  it('paints, keeps all for its owner alone, and ends with its parent killed; the next start finds the jobs', async () => {
    const { env, storage } = await stackConfig(join(dir, 'data'))
    const { dataDir } = storage
    // As an earlier version left it.
    await mkdir(join(dataDir, 'redis', 'appendonlydir'), { recursive: true })
    await chmod(dataDir, 0o755)
    const umask = process.umask(0)
    const first = await start(env).finally(() => process.umask(umask))
    expect(first.family.length).toBeGreaterThanOrEqual(4)
    const job = await paint(first.url)
    expect(job.status).toBe('succeeded')
    const entries = await readdir(dataDir, { recursive: true, withFileTypes: true })
    const paths = [dataDir, ...entries.map((entry) => join(entry.parentPath, entry.name))]
    const found = await Promise.all(paths.map(async (path) => ({ path, mode: (await stat(path)).mode & 0o077 })))
    expect(found.filter(({ path }) => /\.(aof|png)$/.test(path)).length).toBeGreaterThanOrEqual(3)
    expect(found.filter(({ mode }) => mode !== 0)).toEqual([])

    const redis = Number((await readFile(join(dataDir, 'redis', 'redis.pid'), 'utf8')).trim())
    first.child.kill('SIGKILL')
    // The private Redis stays: it holds the files until the next start ends it.
    const others = first.family.filter((pid) => pid !== redis)
    expect(await untilGone(others, 15_000)).toEqual([])
    const second = await start(env)
    expect(isAlive(redis)).toBe(false)
    const again = await fetch(`${second.url}/v1/jobs/${job.id}`)
    expect(await again.json()).toMatchObject({ id: job.id, status: 'succeeded' })

    // Interrupted twice, it leaves nothing behind.
    second.child.kill('SIGINT')
    second.child.kill('SIGINT')
    const [code] = await once(second.child, 'exit')
    expect(code).toBe(0)
    expect(await untilGone(second.family, 1000)).toEqual([])
    expect(await readdir(dataDir)).not.toContain('pentimento.pid')
  })

  it('says in one sentence when the port is taken, and leaves nothing behind', async () => {
    const { env, address } = await stackConfig(join(dir, 'data'))
    const { port } = address
    const other = createServer().listen(port, '127.0.0.1')
    await once(other, 'listening')
    await expect(start(env)).rejects.toThrow(/PORT: something else listens on [\d.:]+; stop it, or set another PORT/)
    other.close()
    expect(await readdir(join(dir, 'data'))).not.toContain('pentimento.pid')
  })
})
