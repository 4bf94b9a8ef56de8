import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

/** The api as its own process, from `main.ts`. */
export interface ApiProcess {
  url: string
  child: ChildProcess
  /** SIGTERM; resolves with the exit code. */
  stop(): Promise<number | null>
}

const execArgv = ['--conditions=source', '--disable-warning=ExperimentalWarning']

/** Starts it and waits until it is ready. */
export async function startApiProcess(port: number, env: Record<string, string>): Promise<ApiProcess> {
  const all = { ...process.env, LOG_LEVEL: 'silent', ...env, PORT: String(port) }
  const child = fork(fileURLToPath(new URL('../main.ts', import.meta.url)), { env: all, execArgv })
  const url = `http://127.0.0.1:${port}`
  while (!(await isReady(url))) {
    if (child.exitCode !== null) throw new Error(`the api ended with ${child.exitCode} while starting`)
    await sleep(50)
  }
  return {
    url,
    child,
    stop: async () => {
      const exited = once(child, 'exit')
      child.kill('SIGTERM')
      return (await exited)[0] as number | null
    },
  }
}

export async function isReady(url: string): Promise<boolean> {
  return fetch(`${url}/readyz`, { signal: AbortSignal.timeout(5000) }).then(
    (answer) => answer.ok,
    () => false,
  )
}
