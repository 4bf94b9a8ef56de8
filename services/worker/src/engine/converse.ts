import { EngineError } from './engine-error.ts'
import type { EngineProcess } from './engine-process.ts'
import type { EngineCommand, RunEvent } from './protocol.ts'

export type EngineProgress = Omit<Extract<RunEvent, { type: 'progress' }>, 'type' | 'run'>

export interface RunHooks {
  timeoutMs: number
  /** The share of the device beside runs of other models (1). */
  weight?: number
  /** Stops the run between two steps; kills the process when it does not stop in time. */
  signal?: AbortSignal
  onProgress?: (progress: EngineProgress) => void
  onPreview?: (preview: Pick<Extract<RunEvent, { type: 'preview' }>, 'index' | 'step' | 'image'>) => void
}

type Answer = Extract<RunEvent, { type: 'generated' }>

/**
 * Sends one `generate` and waits for its answer.
 *
 * A stop, by the signal or the time limit, is asked for first and enforced by a kill after the grace: `cancelGraceMs`,
 * or twice the slowest step of this run if that is longer. A run that hung past its time limit counts as a crash.
 */
export function converse(
  process: EngineProcess,
  command: Extract<EngineCommand, { type: 'generate' }>,
  hooks: RunHooks,
  cancelGraceMs: number,
): Promise<Answer> {
  const { run } = command
  let stopReason: 'canceled' | 'timeout' | undefined
  let killTimer: NodeJS.Timeout | undefined
  let slowestStepMs = 0
  let stepStarted = performance.now()

  return new Promise<Answer>((resolve, reject) => {
    if (hooks.signal?.aborted) return reject(new EngineError('canceled', 'The run was stopped before it began.'))

    const onAbort = () => requestStop('canceled')
    const timer = setTimeout(() => requestStop('timeout'), hooks.timeoutMs)
    hooks.signal?.addEventListener('abort', onAbort, { once: true })

    function requestStop(reason: 'canceled' | 'timeout'): void {
      if (stopReason) return
      stopReason = reason
      process.send({ type: 'cancel', run })
      killTimer = setTimeout(() => process.kill(), Math.max(cancelGraceMs, 2 * slowestStepMs))
    }

    function settle(finish: () => void): void {
      clearTimeout(timer)
      clearTimeout(killTimer)
      hooks.signal?.removeEventListener('abort', onAbort)
      unfollow()
      finish()
    }

    function noteProgress(progress: EngineProgress): void {
      const now = performance.now()
      if (progress.phase === 'denoising' && progress.step > 0)
        slowestStepMs = Math.max(slowestStepMs, now - stepStarted)
      stepStarted = now
      hooks.onProgress?.(progress)
    }

    function onEvent(event: RunEvent): void {
      if (event.type === 'progress') noteProgress({ phase: event.phase, step: event.step, steps: event.steps })
      else if (event.type === 'preview') hooks.onPreview?.({ index: event.index, step: event.step, image: event.image })
      else if (event.type === 'failed') {
        const code = event.code === 'canceled' && stopReason === 'timeout' ? 'timeout' : event.code
        const error = new EngineError(code, event.message, event.detail, process.runs)
        settle(() => reject(error))
      } else settle(() => resolve(event))
    }

    function onExit(how: string, together: number): void {
      const error =
        stopReason === 'canceled'
          ? new EngineError('canceled', 'The run was ended with its process.', how)
          : new EngineError('crashed', 'The engine crashed.', how, together)
      settle(() => reject(error))
    }

    const unfollow = process.follow(run, { onEvent, onExit })
    process.send(command)
  })
}
