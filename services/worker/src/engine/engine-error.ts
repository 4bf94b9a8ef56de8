import type { EngineFailureCode } from './protocol.ts'

/**
 * Why a run of the engine brought no result: what the engine itself said, or
 * - `timeout`: the run was over its time, and stopped when asked;
 * - `crashed`: the process died, or hung in a native call and was killed for it;
 * - `unavailable`: the engine cannot be started at all, which is no fault of the job.
 */
export type EngineErrorCode = EngineFailureCode | 'timeout' | 'crashed' | 'unavailable'

export class EngineError extends Error {
  readonly code: EngineErrorCode
  /** For the log only. */
  readonly detail: string | undefined
  /** Runs that were in the engine just then, this one included: with others beside it, it may not be its own fault. */
  readonly together: number

  constructor(code: EngineErrorCode, message: string, detail?: string, together = 1) {
    super(message)
    this.name = 'EngineError'
    this.code = code
    this.detail = detail
    this.together = together
  }
}
