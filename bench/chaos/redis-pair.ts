import { spawn } from 'node:child_process'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '@pentimento/free-port'
import { redisCommand } from '@pentimento/test-redis'
import { Redis } from 'ioredis'
import { type Supervised, supervise } from './supervise.ts'
import { startTcpProxy, type TcpProxy } from './tcp-proxy.ts'

/** A Redis that keeps its data, behind a relay that is the name it is known by, and perhaps a replica of it. */
export interface RedisPair {
  /** Whoever is the master now. */
  master(): Supervised
  network: TcpProxy
  /**
   * Kills the master, promotes the replica and leads the name there; the killed one comes back as a replica. False, and
   * nothing happened, when the replica does not follow.
   */
  failover(): Promise<boolean>
  stop(): Promise<void>
}

/** @param env of the servers, beside that of this process */
export async function startRedisPair(dir: string, replica: boolean, env: NodeJS.ProcessEnv): Promise<RedisPair> {
  const ports = [await freePort(), ...(replica ? [await freePort()] : [])]
  let master = 0
  const servers: Supervised[] = []
  for (const [index, port] of ports.entries()) {
    const folder = join(dir, `redis-${index + 1}`)
    await mkdir(folder, { recursive: true })
    const { program, args } = redisCommand(port, folder)
    const start = () => {
      const following = index === master ? [] : ['--replicaof', `127.0.0.1 ${ports[master]}`]
      const all = [...args, '--repl-diskless-sync-delay', '0', ...following]
      return spawn(program, all, { stdio: 'ignore', env: { ...process.env, ...env } })
    }
    servers.push(supervise(`redis-${index + 1}`, start, 500))
  }
  const network = await startTcpProxy(ports[0] ?? 0)

  async function failover(): Promise<boolean> {
    const next = 1 - master
    const redis = new Redis(ports[next] ?? 0, { maxRetriesPerRequest: 1, commandTimeout: 2000 })
    redis.on('error', () => {})
    try {
      if (!(await follows(redis))) return false
      const old = servers[master]
      master = next
      old?.kill('SIGKILL')
      await redis.replicaof('NO', 'ONE')
      network.pointTo(ports[next] ?? 0)
      return true
    } finally {
      redis.disconnect()
    }
  }

  return {
    master: () => servers[master] as Supervised,
    network,
    failover,
    async stop() {
      await Promise.all(servers.map((server) => server.stop()))
      await network.close()
    },
  }
}

/** Whether it has what its master had, within ten seconds. */
async function follows(redis: Redis): Promise<boolean> {
  for (const until = Date.now() + 10_000; Date.now() < until; await sleep(100)) {
    const info = await redis.info('replication').catch(() => '')
    if (info.includes('master_link_status:up')) return true
  }
  return false
}
