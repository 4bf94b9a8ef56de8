import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { freePort } from '@pentimento/free-port'
import { untilOk } from '../chaos/cluster.ts'

/** An api or a worker of one of the two versions. */
export interface Program {
  url: string
  /** As an orchestrator stops it: SIGTERM, and half a minute at most. */
  stop(): Promise<void>
}

/** Starts a program of a tree, and waits until it is ready. */
export async function startProgram(
  tree: string,
  service: 'api' | 'worker',
  env: NodeJS.ProcessEnv,
  onComplaint: (line: string) => void,
): Promise<Program> {
  const port = await freePort()
  const main = join(tree, 'services', service, 'src', 'main.ts')
  const child = spawn(process.execPath, ['--conditions=source', main], {
    env: { ...env, [service === 'api' ? 'PORT' : 'WORKER_PORT']: String(port) },
    stdio: ['ignore', 'ignore', 'pipe'],
    cwd: tree,
  })
  child.stderr.on('data', (chunk: Buffer) => onComplaint(`${service}: ${chunk}`))
  const exited = once(child, 'exit')
  const url = `http://127.0.0.1:${port}`
  async function stop(): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGTERM')
    const killer = setTimeout(() => child.kill('SIGKILL'), 30_000)
    await exited
    clearTimeout(killer)
  }
  const ended = exited.then(() => Promise.reject(new Error(`the ${service} of ${tree} ended before it was ready`)))
  ended.catch(() => {})
  await Promise.race([untilOk([`${url}/readyz`]), ended]).catch(async (error) => {
    await stop()
    throw error
  })
  return { url, stop }
}
