import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'

/** A program that is started again whenever it ends, as an orchestrator would. */
export interface Supervised {
  name: string
  pid(): number | undefined
  kill(signal: NodeJS.Signals): void
  /** Ends it for good. */
  stop(): Promise<void>
}

export function supervise(name: string, start: () => ChildProcess, pauseMs = 200): Supervised {
  let child: ChildProcess
  let ending = false
  const run = () => {
    child = start()
    child.once('exit', async () => {
      if (ending) return
      await sleep(pauseMs)
      if (!ending) run()
    })
  }
  run()
  return {
    name,
    pid: () => child.pid,
    kill: (signal) => child.kill(signal),
    stop: async () => {
      ending = true
      if (child.exitCode !== null || child.signalCode !== null) return
      const exited = once(child, 'exit')
      child.kill('SIGCONT')
      child.kill('SIGTERM')
      const killer = setTimeout(() => child.kill('SIGKILL'), 15_000)
      await exited
      clearTimeout(killer)
    },
  }
}
