import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '@pentimento/free-port'

/** A redis-server of a test's own, to be stopped, frozen and filled. */
export interface PrivateRedis {
  url: string
  kill(signal: 'SIGKILL' | 'SIGTERM'): Promise<void>
  start(): Promise<void>
  freeze(): void
  thaw(): void
  close(): Promise<void>
}

export async function privateRedis(...options: string[]): Promise<PrivateRedis> {
  const dir = await mkdtemp(join(tmpdir(), 'pentimento-redis-'))
  const port = await freePort()
  const fixed = `--port ${port} --bind 127.0.0.1 --save  --appendonly yes --appendfsync everysec --maxmemory-policy noeviction --dir ${dir}`
  let server: ChildProcess | undefined

  async function start(): Promise<void> {
    const starting = spawn(process.env.REDIS_SERVER ?? 'redis-server', [...fixed.split(' '), ...options], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    server = starting
    await new Promise<void>((resolve, reject) => {
      starting.once('error', reject)
      starting.once('exit', (code) => reject(new Error(`redis-server ended with ${code}`)))
      starting.stdout.on('data', (chunk: Buffer) => {
        if (chunk.includes('Ready to accept connections')) resolve()
      })
    })
  }

  async function kill(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    if (server === undefined || server.exitCode !== null || server.signalCode !== null) return
    const exited = once(server, 'exit')
    server.kill('SIGCONT')
    server.kill(signal)
    await exited
  }

  await start()
  return {
    url: `redis://127.0.0.1:${port}`,
    kill,
    start,
    freeze: () => server?.kill('SIGSTOP'),
    thaw: () => server?.kill('SIGCONT'),
    async close() {
      await kill('SIGKILL')
      await rm(dir, { recursive: true, force: true })
    },
  }
}
