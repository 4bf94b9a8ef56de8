import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '@pentimento/free-port'

/** A redis-server of a test's own, which may be stopped, frozen and started again on the same port with the same data. */
export interface TestRedis {
  url: string
  start(): Promise<void>
  kill(): Promise<void>
  freeze(): void
  thaw(): void
  remove(): Promise<void>
}

export async function createRedis(): Promise<TestRedis> {
  const folder = await mkdtemp(join(tmpdir(), 'pentimento-api-redis-'))
  const port = await freePort()
  const args = `--port ${port} --bind 127.0.0.1 --save  --appendonly yes --maxmemory-policy noeviction --dir ${folder}`
  let server: ChildProcess | null = null
  const kill = async () => {
    if (server === null) return
    const exited = once(server, 'exit')
    server.kill('SIGKILL')
    await exited
    server = null
  }
  return {
    url: `redis://127.0.0.1:${port}`,
    start: async () => {
      const child = spawn(process.env.REDIS_SERVER ?? 'redis-server', args.split(' '), {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      server = child
      let log = ''
      for await (const chunk of child.stdout) {
        log += chunk
        if (log.includes('Ready to accept connections')) break
      }
    },
    kill,
    freeze: () => server?.kill('SIGSTOP'),
    thaw: () => server?.kill('SIGCONT'),
    remove: async () => {
      await kill()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
