import { setImmediate } from 'node:timers/promises'
import { PipelineError } from '../errors.ts'

/** Lets the process read its messages, then stops if one of them was a cancel. @throws PipelineError `canceled`. */
export async function breathe(signal: AbortSignal | undefined): Promise<void> {
  await setImmediate()
  if (signal?.aborted) throw new PipelineError('canceled', 'The generation was canceled.')
}
