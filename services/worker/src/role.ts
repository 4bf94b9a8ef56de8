import type { Readiness } from './health.ts'

/** One of the worker's roles, started. */
export interface RunningRole {
  readiness(): Readiness
  /** Ends what it can within the time it has, hands back the rest, and leaves nothing running. */
  stop(): Promise<void>
}
