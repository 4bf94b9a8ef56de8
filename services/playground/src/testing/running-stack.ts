import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { freePort } from '@pentimento/free-port'

const root = fileURLToPath(new URL('../../../../', import.meta.url))
const cli = join(root, 'services/cli/src/main.ts')

export interface RunningStack {
  url: string
  /** Makes an API key, when the stack runs with `AUTH=keys`. */
  makeKey(): Promise<string>
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
    async makeKey() {
      const args = ['--conditions=source', cli, 'keys', 'create', '--tenant', 'atelier']
      const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: root, env: stackEnv })
      const key = /pmt_\S{50,}/.exec(stdout)?.[0]
      if (key === undefined) throw new Error(`no key in: ${stdout}`)
      return key
    },
    async stop() {
      const ended = once(child, 'exit')
      child.kill('SIGTERM')
      await ended
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
