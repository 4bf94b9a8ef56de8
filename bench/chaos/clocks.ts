import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** What the programs of a run take for the time of day. Redis has the machine's own. */
export interface Clocks {
  /** Options of Node, and the environment, of the programs. */
  execArgv: string[]
  env: NodeJS.ProcessEnv
  /** Sets them off by so many seconds. */
  set(seconds: number): void
}

export function createClocks(dir: string): Clocks {
  const file = join(dir, 'clock')
  const set = (seconds: number) => writeFileSync(file, `${seconds}\n`)
  set(0)
  return {
    execArgv: ['--import', fileURLToPath(new URL('clock.ts', import.meta.url))],
    env: { CHAOS_CLOCK: file },
    set,
  }
}
