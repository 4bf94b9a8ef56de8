import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { EngineError } from './engine-error.ts'
import {
  type EngineCommand,
  type EngineEvent,
  type EngineInit,
  engineEvents,
  type LoadedModel,
  type RunEvent,
} from './protocol.ts'

export interface EngineProcessOptions {
  /** The engine's main module. */
  entry: URL
  init: Omit<EngineInit, 'type'>
  /** The child's whole environment: the worker's secrets stay out of it. */
  env: NodeJS.ProcessEnv
  startTimeoutMs: number
  /** A line that the engine, or a native library in it, printed. */
  onOutput: (line: string) => void
  /** The models that the engine holds, after every change; none when it has ended. */
  onModels?: (models: readonly LoadedModel[]) => void
  /** What its device did since the last time. */
  onDevice?: (figures: Extract<EngineEvent, { type: 'device' }>['figures']) => void
}

export interface DeviceChoice {
  device: string
  reason: string
  /** Runs that it takes at once. */
  slots: number
}

/** One life of the engine: spawned, ready, gone. */
export interface EngineProcess {
  readonly pid: number | undefined
  /** Rejects with `crashed` when the process ends, or says nothing for `startTimeoutMs`, before it is ready. */
  readonly ready: Promise<DeviceChoice>
  /** How it ended, in words for the log. */
  readonly exited: Promise<string>
  send(command: EngineCommand): void
  /** Runs that are followed now. */
  readonly runs: number
  /** Hears of one run, and of the end of the process, until the function that it answers is called. */
  follow(run: number, listener: RunListener): () => void
  /** @param ended how many runs that are over are the reason: the end has met them, too */
  kill(ended?: number): void
  /** Closes the channel, which ends an idle engine; kills one that is still there after a second. */
  close(): Promise<void>
}

interface RunListener {
  onEvent: (event: RunEvent) => void
  /** @param together how many runs the end has met */
  onExit: (how: string, together: number) => void
}

const LAST_WORDS = 20

/**
 * Has glibc ask Linux for large pages under large blocks of memory: to fill the buffers of a VAE anew then takes a
 * 512th of the page faults, which lets it do without an arena that keeps them (docs/performance.md). Other systems do
 * not heed it.
 */
const largePages = { GLIBC_TUNABLES: 'glibc.malloc.hugetlb=1' }

export function spawnEngine(options: EngineProcessOptions): EngineProcess {
  const child = fork(options.entry, {
    serialization: 'advanced',
    execArgv: options.entry.pathname.endsWith('.ts') ? ['--conditions=source'] : [],
    env: { ...largePages, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  const lastWords = collectOutput(child, options.onOutput)
  const listeners = new Map<number, RunListener>()
  let end: string | undefined
  let over = 0

  const exited = untilExit(child, lastWords)

  void exited.then((how) => {
    end = how
    options.onModels?.([])
    const met = [...listeners.values()]
    for (const listener of met) listener.onExit(how, met.length + over)
  })

  const ready = new Promise<DeviceChoice>((resolve, reject) => {
    const timer = setTimeout(() => child.kill('SIGKILL'), options.startTimeoutMs)
    void exited.then((how) => {
      clearTimeout(timer)
      reject(new EngineError('crashed', 'The engine did not start.', how))
    })
    function hear(event: EngineEvent): void {
      if (event.type === 'ready') {
        clearTimeout(timer)
        const { device, reason, slots } = event
        resolve({ device, reason, slots })
      } else if (event.type === 'models') options.onModels?.(event.loaded)
      else if (event.type === 'device') options.onDevice?.(event.figures)
      else listeners.get(event.run)?.onEvent(event)
    }
    child.on('message', (message) => {
      const events = engineEvents.safeParse(message)
      if (events.success) return events.data.forEach(hear)
      options.onOutput(`the engine sent a message that is not of the protocol: ${events.error.message}`)
      child.kill('SIGKILL')
    })
  })
  ready.catch(() => {})
  child.send({ type: 'init', ...options.init } satisfies EngineCommand, ignoreClosedChannel)

  return {
    pid: child.pid,
    ready,
    exited,
    get runs() {
      return listeners.size
    },
    send: (command) => void (child.connected && child.send(command, ignoreClosedChannel)),
    follow(run, listener) {
      listeners.set(run, listener)
      // Not before its caller has the function to stop with.
      const ended = end
      if (ended !== undefined) queueMicrotask(() => listeners.get(run)?.onExit(ended, listeners.size + over))
      return () => void listeners.delete(run)
    },
    kill(ended = 0) {
      over = ended
      child.kill('SIGKILL')
    },
    async close() {
      if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return
      const gone = once(child, 'exit')
      const timer = setTimeout(() => child.kill('SIGKILL'), 1000)
      if (child.connected) child.disconnect()
      await gone
      clearTimeout(timer)
    },
  }
}

/** Resolves to how the child ended, in words. */
function untilExit(child: ChildProcess, lastWords: string[]): Promise<string> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => {
      // Its last words may still be in the pipe.
      const tell = () => resolve(describeExit(code, signal, child.killed, lastWords))
      child.once('close', tell)
      setTimeout(tell, 100)
    })
    // Only a child that could not be spawned ends without `exit`.
    child.on(
      'error',
      (error) => child.pid === undefined && resolve(`the engine could not be started: ${error.message}`),
    )
  })
}

/** A channel that closes under a message belongs to a process that ends: `exited` tells that. */
function ignoreClosedChannel(): void {}

function collectOutput(child: ChildProcess, onOutput: (line: string) => void): string[] {
  const lastWords: string[] = []
  for (const stream of [child.stdout, child.stderr]) {
    if (!stream) continue
    createInterface({ input: stream }).on('line', (line) => {
      lastWords.push(line)
      if (lastWords.length > LAST_WORDS) lastWords.shift()
      onOutput(line)
    })
  }
  return lastWords
}

function describeExit(
  code: number | null,
  signal: NodeJS.Signals | null,
  killed: boolean,
  lastWords: string[],
): string {
  // What the worker did not do itself is mostly the kernel's, when memory runs out.
  const why = signal === 'SIGKILL' && !killed ? ' from outside; perhaps the memory ran out' : ''
  const how = signal ? `the engine was ended by ${signal}${why}` : `the engine ended with exit code ${code}`
  return lastWords.length === 0 ? how : `${how}; its last words:\n${lastWords.join('\n')}`
}
