import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '@pentimento/free-port'

/**
 * A redis-server of a test's or a benchmark's own, to be stopped, frozen and started again on the same port with the
 * same data.
 */
export interface TestRedis {
  url: string
  kill(signal: 'SIGKILL' | 'SIGTERM'): Promise<void>
  start(): Promise<void>
  freeze(): void
  thaw(): void
  /** Ends it, and takes its data away. */
  close(): Promise<void>
}

/**
 * How a redis-server is started that keeps its data in `folder`, with the persistence and eviction policy of
 * production.
 */
export function redisCommand(port: number, folder: string): { program: string; args: string[] } {
  const args = `--port ${port} --bind 127.0.0.1 --save  --appendonly yes --maxmemory-policy noeviction`.split(' ')
  return { program: process.env.REDIS_SERVER ?? 'redis-server', args: [...args, '--dir', folder] }
}

/** @param options of redis-server, beside those of {@link redisCommand} */
export async function startTestRedis(...options: string[]): Promise<TestRedis> {
  const folder = await mkdtemp(join(tmpdir(), 'pentimento-redis-'))
  const port = await freePort()
  const { program, args } = redisCommand(port, folder)
  let server: ChildProcess | undefined

  async function start(): Promise<void> {
    const starting = spawn(program, [...args, ...options], { stdio: ['ignore', 'pipe', 'inherit'] })
    server = starting
    await new Promise<void>((resolve, reject) => {
      starting.once('error', (cause) =>
        reject(new Error(`cannot start ${program}: run "npm test", which installs it`, { cause })),
      )
      starting.once('exit', (code) => reject(new Error(`${program} ended with ${code}`)))
      starting.stdout.on('data', (chunk: Buffer) => {
        if (chunk.includes('Ready to accept connections')) resolve()
      })
    })
  }

  async function kill(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    if (server === undefined || server.exitCode !== null || server.signalCode !== null) return
    const exited = once(server, 'exit')
    // What is frozen takes no other signal than SIGKILL.
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
      await rm(folder, { recursive: true, force: true })
    },
  }
}
