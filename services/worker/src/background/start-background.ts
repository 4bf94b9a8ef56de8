import type { State } from '@pentimento/state'
import type { ObjectStore } from '@pentimento/storage'
import type { Logger } from 'pino'
import type { RunningRole } from '../role.ts'
import { repeat } from './repeat.ts'
import { startSweeping } from './sweep.ts'

export interface BackgroundDeps {
  state: State
  store: ObjectStore
  log: Logger
}

const PING_INTERVAL_MS = 5000

/** The `background` role: sweeps. Needs no GPU; any number of processes may have it. */
export function startBackground(deps: BackgroundDeps): RunningRole {
  const { state, log } = deps
  let reached = false

  const repetitions = [
    startSweeping(state.jobs.sweep, deps.store, log),
    repeat(
      async () => {
        reached = false
        await state.ping()
        reached = true
        return 'done'
      },
      PING_INTERVAL_MS,
      () => {},
    ),
  ]

  return {
    readiness: () => ({ ready: reached, detail: { background: reached ? 'ready' : 'waiting for Redis' } }),
    async stop() {
      await Promise.all(repetitions.map((repetition) => repetition.stop()))
    },
  }
}
