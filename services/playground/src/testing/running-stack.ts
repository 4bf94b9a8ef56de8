import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { freePort } from '@pentimento/free-port'

const root = fileURLToPath(new URL('../../../../', import.meta.url))
const cli = join(root, 'services/cli/src/main.ts')

export interface KeyedApi {
  url: string
  key: string
  stop(): Promise<void>
}

export interface RunningStack {
  url: string
  /** A second api on the same Redis, with `AUTH=keys`, and a key for it. */
  startKeyedApi(): Promise<KeyedApi>
  stop(): Promise<void>
}

/** The whole service as `npm start` runs it, with a data folder and a Redis of its own. */
export async function runStack(env: Record<string, string> = {}): Promise<RunningStack> {
  const dir = await mkdtemp(join(tmpdir(), 'pentimento-playground-'))
  const all = {
    ...process.env,
    REDIS_URL: '',
    LOG_LEVEL: 'warn',
    ...env,
    PORT: String(await freePort()),
  }
  const stackEnv = { REDIS_SERVER: 'redis-server', ...all, DATA_DIR: join(dir, 'data') }
  const child = spawn(process.execPath, ['--conditions=source', cli, 'start'], {
    cwd: root,
    env: stackEnv,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const url = await readyUrl(child)
  return {
    url,
    async startKeyedApi() {
      const read = (name: string) => readFile(join(stackEnv.DATA_DIR, name), 'utf8').then((text) => text.trim())
      const [REDIS_URL, SECRETS_KEY, port] = await Promise.all([read('redis-url'), read('secrets-key'), freePort()])
      const keyed = { ...stackEnv, REDIS_URL, SECRETS_KEY, AUTH: 'keys', PORT: String(port) }
      const args = ['--conditions=source', cli, 'keys', 'create', '--tenant', 'atelier']
      const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: root, env: stackEnv })
      const key = /pmt_\S{50,}/.exec(stdout)?.[0]
      if (key === undefined) throw new Error(`no key in: ${stdout}`)
      const api = spawn(process.execPath, ['--conditions=source', join(root, 'services/api/src/main.ts')], {
        cwd: root,
        env: keyed,
        stdio: 'ignore',
      })
      const url = `http://127.0.0.1:${port}`
      await untilOk(`${url}/readyz`, api)
      return { url, key, stop: () => ended(api) }
    },
    async stop() {
      await ended(child)
      await rm(dir, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
    },
  }
}

function readyUrl(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = ''
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk: Buffer) => {
        output += chunk
        const url = /^ready (http:\S+)$/m.exec(output)?.[1]
        if (url) resolve(url)
      })
    child.once('exit', (code) => reject(new Error(`the stack ended with ${code}: ${output}`)))
  })
}

async function ended(child: ChildProcess): Promise<void> {
  const exit = once(child, 'exit')
  child.kill('SIGTERM')
  await exit
}

async function untilOk(url: string, program: ChildProcess): Promise<void> {
  const isOk = () =>
    fetch(url).then(
      ({ ok }) => ok,
      () => false,
    )
  while (!(await isOk())) {
    if (program.exitCode !== null) throw new Error(`the program at ${url} ended with ${program.exitCode}`)
    await sleep(50)
  }
}
