import { type ChildProcess, spawn } from 'node:child_process'
import { freePort } from '@pentimento/free-port'

/** Starts a redis-server of a benchmark's own, with its data in `folder`; answers once it takes connections. */
export async function startRedis(folder: string): Promise<{ server: ChildProcess; url: string }> {
  const port = await freePort()
  const args = `--port ${port} --bind 127.0.0.1 --save  --appendonly yes --maxmemory-policy noeviction --dir ${folder}`
  const server = spawn(process.env.REDIS_SERVER ?? 'redis-server', args.split(' '), {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  for await (const chunk of server.stdout) if (String(chunk).includes('Ready to accept')) break
  return { server, url: `redis://127.0.0.1:${port}` }
}
