import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '@pentimento/free-port'
import { type FakeClock, fakeClock } from './fake-clock.ts'

export { type FakeClock, fakeClock } from './fake-clock.ts'

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
 * production, though without `fsync`: it helps only where a machine loses its power, and where the disk is busy Redis
 * answers nobody until it has ended.
 */
export function redisCommand(port: number, folder: string): { program: string; args: string[] } {
  const persistence = '--save  --appendonly yes --appendfsync no'
  const args = `--port ${port} --bind 127.0.0.1 ${persistence} --maxmemory-policy noeviction`.split(' ')
  return { program: process.env.REDIS_SERVER ?? 'redis-server', args: [...args, '--dir', folder] }
}

/** @param options of redis-server, beside those of {@link redisCommand} */
export async function startTestRedis(...options: string[]): Promise<TestRedis> {
  return startServer('Ready to accept connections', async (port, folder) => [
    ...redisCommand(port, folder).args,
    ...options,
  ])
}

/** A server whose clock can be set, where {@link fakeClock} can be had. */
export async function startTestClockRedis(): Promise<TestRedis & { clock: FakeClock }> {
  const folder = await mkdtemp(join(tmpdir(), 'pentimento-clock-'))
  const clock = fakeClock(folder)
  if (clock === null) throw new Error('LIBFAKETIME is not set')
  const args = async (port: number, data: string) => redisCommand(port, data).args
  const server = await startServer('Ready to accept connections', args, clock.env)
  async function close(): Promise<void> {
    await server.close()
    await rm(folder, { recursive: true })
  }
  return { ...server, clock, close }
}

/** A node of a Redis Cluster that is yet to meet others and to be given slots. */
export async function startTestClusterNode(...options: string[]): Promise<TestRedis & { busPort: number }> {
  const busPort = await freePort()
  const cluster = ['--cluster-enabled', 'yes', '--cluster-port', String(busPort)]
  return { ...(await startTestRedis(...cluster, ...options)), busPort }
}

/** A server that takes connections with TLS alone, and only from clients whose certificate `ca` signed. */
export async function startTestTlsRedis(ca: string, cert: string, key: string): Promise<TestRedis> {
  const files = ['--tls-ca-cert-file', ca, '--tls-cert-file', cert, '--tls-key-file', key]
  const server = await startServer('Ready to accept connections', async (port, folder) => [
    ...redisCommand(port, folder).args,
    ...['--port', '0', '--tls-port', String(port), ...files],
  ])
  return { ...server, url: server.url.replace('redis:', 'rediss:') }
}

/**
 * A Sentinel that watches a master under the name `mymaster`.
 *
 * @param quorum how many must agree that it is down
 * @param settings further lines, such as `sentinel down-after-milliseconds mymaster 1000`
 */
export async function startTestSentinel(masterPort: number, quorum: number, settings: string[]): Promise<TestRedis> {
  return startServer('Sentinel ID is', async (port, folder) => {
    const file = join(folder, 'sentinel.conf')
    const lines = [
      `port ${port}`,
      'bind 127.0.0.1',
      `dir ${folder}`,
      `sentinel monitor mymaster 127.0.0.1 ${masterPort} ${quorum}`,
      ...settings,
    ]
    // Sentinels write down what they learn, and find it again when they are started again.
    await writeFile(file, `${lines.join('\n')}\n`, { flag: 'wx' }).catch(() => {})
    return [file, '--sentinel']
  })
}

async function startServer(
  readyText: string,
  argsFor: (port: number, folder: string) => Promise<string[]>,
  env: Record<string, string> = {},
): Promise<TestRedis> {
  const folder = await mkdtemp(join(tmpdir(), 'pentimento-redis-'))
  const port = await freePort()
  const { program } = redisCommand(port, folder)
  let server: ChildProcess | undefined

  async function start(): Promise<void> {
    const starting = spawn(program, await argsFor(port, folder), {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, ...env },
    })
    server = starting
    await new Promise<void>((resolve, reject) => {
      starting.once('error', (cause) =>
        reject(new Error(`cannot start ${program}: run "npm test", which installs it`, { cause })),
      )
      starting.once('exit', (code) => reject(new Error(`${program} ended with ${code}`)))
      starting.stdout.on('data', (chunk: Buffer) => {
        if (chunk.includes(readyText)) resolve()
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
