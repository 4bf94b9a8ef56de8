import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type FakeClock, fakeClock } from '@pentimento/test-redis'

/** What the programs of a run, and its Redis, take for the time of day. */
export interface Clocks {
  /** Options of Node, and the environment, of the programs. */
  execArgv: string[]
  env: NodeJS.ProcessEnv
  /** Sets theirs off by so many seconds. */
  set(seconds: number): void
  /** The environment of the redis-servers. */
  redisEnv: NodeJS.ProcessEnv
  /** Whether libfaketime is there, which sets the clock of a redis-server. */
  canStepRedis: boolean
  /** Steps Redis' clock by so many seconds from where it stands. */
  stepRedis(seconds: number): void
}

export function createClocks(dir: string): Clocks {
  const file = join(dir, 'clock')
  const set = (seconds: number) => writeFileSync(file, `${seconds}\n`)
  set(0)
  const redis: FakeClock | null = fakeClock(dir)
  return {
    execArgv: ['--import', fileURLToPath(new URL('clock.ts', import.meta.url))],
    env: { CHAOS_CLOCK: file },
    set,
    redisEnv: redis?.env ?? {},
    canStepRedis: redis !== null,
    stepRedis: (seconds) => redis?.step(seconds),
  }
}
