import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { freePort } from '../packages/free-port/src/index.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    redisUrl: string
  }
}

/**
 * One private redis-server for all integration tests, with the persistence and eviction policy of production. Test files keep apart by their own
 * key prefix (`inject('redisUrl')`, then a unique namespace). A test that kills Redis starts its own.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dir = await mkdtemp(join(tmpdir(), 'pentimento-redis-'))
  const port = await freePort()
  const binary = process.env.REDIS_SERVER ?? 'redis-server'
  const server = spawn(
    binary,
    `--port ${port} --bind 127.0.0.1 --save  --appendonly yes --maxmemory-policy noeviction --dir ${dir}`.split(' '),
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) =>
      reject(new Error(`cannot start ${binary}: run "npm test", which installs it`, { cause })),
    )
    server.once('exit', (code) => reject(new Error(`redis-server ended with ${code} while starting`)))
    server.stdout.on('data', (chunk: Buffer) => {
      if (chunk.includes('Ready to accept connections')) resolve()
    })
  })
  project.provide('redisUrl', `redis://127.0.0.1:${port}`)
  return async () => {
    server.removeAllListeners('exit')
    const exited = once(server, 'exit')
    server.kill('SIGTERM')
    await exited
    await rm(dir, { recursive: true, force: true })
  }
}
