import { Worker } from 'node:worker_threads'
import type { DeviceHost } from './device-host.ts'
import type { RowLimitOptions } from './row-limits.ts'
import { defaultLimits, type Runtime, runtimeOver } from './runtime.ts'
import { type DeviceThreadData, type FromDevice, fromFailure, type Question, type ToDevice } from './thread-messages.ts'

const threadMain = new URL(`./thread-main.${import.meta.url.endsWith('.ts') ? 'ts' : 'js'}`, import.meta.url)

interface DeviceThreadOptions {
  limits?: RowLimitOptions
  /** What the thread runs: a program that calls `serveDevice`. */
  main?: URL
  /** The thread has ended by itself: nothing can be computed any more. */
  onLost: (error: unknown) => void
}

/**
 * A runtime whose device has a thread of its own, the only one that loads onnxruntime. Nothing ends that thread while a
 * run is under way, which would abort the process: it ends with the process.
 */
export function threadRuntime(options: DeviceThreadOptions): Runtime {
  return runtimeOver(threadHost(options))
}

function threadHost({ limits = defaultLimits, main = threadMain, onLost }: DeviceThreadOptions): DeviceHost {
  const workerData: DeviceThreadData = { limits }
  const thread = new Worker(main, { workerData, execArgv: main.href.endsWith('.ts') ? ['--conditions=source'] : [] })
  const calls = new Map<number, PromiseWithResolvers<unknown>>()
  let nextCall = 0
  let said: ToDevice[] = []
  let moved: ArrayBuffer[] = []

  thread.on('error', onLost)
  thread.on('exit', (code) => onLost(new Error(`the device's thread ended with exit code ${code}`)))
  thread.on('message', (answers: FromDevice[]) => {
    for (const answer of answers) {
      const call = calls.get(answer.call)
      calls.delete(answer.call)
      if (calls.size === 0) thread.unref()
      if ('error' in answer) call?.reject(fromFailure(answer.error))
      else call?.resolve(answer.value)
    }
  })
  thread.unref()

  /** Generations that go on in one turn of the loop ask together, so that the device finds all their rows at once. */
  function say(message: ToDevice): void {
    if (said.length === 0) setImmediate(flush)
    said.push(message)
  }

  function flush(): void {
    const [messages, transfer] = [said, moved]
    said = []
    moved = []
    thread.postMessage(messages, transfer)
  }

  function ask<T>(question: Question): Promise<T> {
    const call = nextCall++
    const answer = Promise.withResolvers<unknown>()
    if (calls.size === 0) thread.ref()
    calls.set(call, answer)
    say({ ...question, call })
    return answer.promise as Promise<T>
  }

  return {
    open(model, options) {
      // A model's bytes may be as large as its weights: they are given away.
      if (model instanceof Uint8Array && model.byteLength === model.buffer.byteLength)
        moved.push(model.buffer as ArrayBuffer)
      return ask({ type: 'open', args: [model, options] })
    },
    run: (...args) => ask({ type: 'run', args }),
    release: (...args) => ask({ type: 'release', args }),
    ask: (...args) => ask({ type: 'ask', args }),
    limitRows: (...args) => ask({ type: 'limitRows', args }),
    figures: () => ask({ type: 'figures', args: [] }),
    addRow: (...args) => say({ type: 'addRow', args }),
    dropRows: (...args) => say({ type: 'dropRows', args }),
  }
}
