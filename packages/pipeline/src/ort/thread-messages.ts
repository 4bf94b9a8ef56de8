import { PipelineError } from '../errors.ts'
import type { DeviceHost } from './device-host.ts'
import type { GraphRow } from './graph.ts'
import type { RowLimitOptions } from './row-limits.ts'

/** What is answered, by what it is asked with. */
export type Question =
  | { type: 'open'; args: Parameters<DeviceHost['open']> }
  | { type: 'run'; args: Parameters<DeviceHost['run']> }
  | { type: 'release'; args: Parameters<DeviceHost['release']> }
  | { type: 'ask'; args: Parameters<DeviceHost['ask']> }
  | { type: 'limitRows'; args: Parameters<DeviceHost['limitRows']> }
  | { type: 'figures'; args: [] }

/**
 * To the device's thread: what wants an answer has a number. Everything that was said in one turn of the loop comes as
 * one message.
 */
export type ToDevice =
  | (Question & { call: number })
  | { type: 'addRow'; args: [row: number, graph: number, content: GraphRow] }
  | { type: 'dropRows'; args: [rows: readonly number[]] }

/** From the device's thread. */
export type FromDevice = { call: number } & ({ value: unknown } | { error: Failure })

export interface DeviceThreadData {
  limits: RowLimitOptions
}

/** An error on its way between threads, which would lose its class and its code. */
interface Failure {
  /** Of a PipelineError. */
  code: PipelineError['code'] | null
  message: string
  stack: string | undefined
  cause: Failure | null
}

export function toFailure(error: unknown): Failure {
  if (!(error instanceof Error)) return { code: null, message: String(error), stack: undefined, cause: null }
  return {
    code: error instanceof PipelineError ? error.code : null,
    message: error.message,
    stack: error.stack,
    cause: error.cause === undefined ? null : toFailure(error.cause),
  }
}

export function fromFailure({ code, message, stack, cause }: Failure): Error {
  const options = cause === null ? {} : { cause: fromFailure(cause) }
  const error = code === null ? new Error(message, options) : new PipelineError(code, message, options)
  if (stack !== undefined) error.stack = stack
  return error
}
