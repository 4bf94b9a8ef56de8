import { setTimeout as sleep } from 'node:timers/promises'
import type { GenerateRequest, GenerateResult } from '@pentimento/pipeline'
import { converse, type RunHooks } from './converse.ts'
import { EngineError } from './engine-error.ts'
import { type DeviceChoice, type EngineProcess, type EngineProcessOptions, spawnEngine } from './engine-process.ts'
import type { ModelRef } from './protocol.ts'

export interface EngineOptions extends EngineProcessOptions {
  /** How long a stop that was asked for may take before the process is killed; at least twice the slowest step seen. */
  cancelGraceMs: number
  onState: (state: EngineState, detail: string) => void
}

/** A generation in the engine. */
export interface EngineRun {
  /** Rejects with an {@link EngineError}. */
  readonly ended: Promise<{ loadMs: number; result: GenerateResult }>
  /** Has a preview sent after every so many steps, or none. */
  setPreviews(every: number | null): void
}

/** `failed`: it could not be started several times in a row; only another run tries again. */
type EngineState = 'starting' | 'ready' | 'failed' | 'stopped'

const START_TRIES = 5

/**
 * The inference process, kept alive: spawned, watched, spawned again after a crash or a kill.
 *
 * A run more than its slots hold is a mistake of the caller and throws.
 * Every other failure is an {@link EngineError}; after any of them the engine takes the next run. The end of the
 * process ends all runs in it.
 */
export class Engine {
  readonly #options: EngineOptions
  #process: EngineProcess | undefined
  #up: Promise<EngineProcess> | undefined
  #state: EngineState = 'stopped'
  #device: DeviceChoice | undefined
  #running = 0
  #nextRun = 0

  constructor(options: EngineOptions) {
    this.#options = options
  }

  get state(): EngineState {
    return this.#state
  }

  /** Runs that it takes at once: as many as it said when it was first up. */
  get slots(): number {
    return this.#device?.slots ?? this.#options.init.slots ?? 1
  }

  /** Runs in its slots. */
  get running(): number {
    return this.#running
  }

  /** What the running process chose, once it is up. */
  get device(): DeviceChoice | undefined {
    return this.#device
  }

  get pid(): number | undefined {
    return this.#process?.pid
  }

  /** Resolves when the process is up. */
  async start(): Promise<void> {
    await this.#ensureUp()
  }

  /** Begins one generation, loading its model first where needed. */
  begin(model: ModelRef, request: GenerateRequest, hooks: RunHooks): EngineRun {
    const run = this.#nextRun++
    let process: EngineProcess | undefined
    let previewEvery: number | null = null
    const ended = this.#inSlot(async () => {
      process = await this.#ensureUp()
      const { weight = 1 } = hooks
      const command = { type: 'generate', run, model, request, weight, previewEvery } as const
      const { loadMs, result } = await converse(process, command, hooks, this.#options.cancelGraceMs)
      return { loadMs, result }
    })
    return {
      ended,
      setPreviews(every) {
        previewEvery = every
        process?.send({ type: 'previews', run, every })
      },
    }
  }

  /** Runs one generation of which only the end is of interest. */
  generate(model: ModelRef, request: GenerateRequest, hooks: RunHooks): EngineRun['ended'] {
    return this.begin(model, request, hooks).ended
  }

  /**
   * Ends the process and lets a fresh one take its place: after an error that may have left the device in a bad state.
   * Runs that are still in it had the one with the error beside them.
   */
  async recycle(): Promise<void> {
    const process = this.#process
    process?.kill(1)
    await process?.exited
  }

  /** Ends the process for good. Runs in it are rejected as crashed. */
  async stop(): Promise<void> {
    this.#setState('stopped', 'stopped')
    await this.#process?.close()
  }

  async #inSlot<T>(run: () => Promise<T>): Promise<T> {
    if (this.#running === this.slots) throw new Error(`all slots of the engine are taken: it has ${this.slots}`)
    this.#running++
    try {
      return await run()
    } finally {
      this.#running--
    }
  }

  #ensureUp(): Promise<EngineProcess> {
    this.#up ??= this.#spawnUntilReady()
    return this.#up
  }

  async #spawnUntilReady(): Promise<EngineProcess> {
    let failure = ''
    this.#setState('starting', 'starting')
    for (let tries = 0; tries < START_TRIES; tries++) {
      if (tries > 0) await sleep(Math.min(100 * 2 ** tries, 5000))
      if (this.#state === 'stopped') break
      const init = { ...this.#options.init, slots: this.#device?.slots ?? this.#options.init.slots }
      const process = spawnEngine({ ...this.#options, init })
      this.#process = process
      try {
        this.#device = await process.ready
        void process.exited.then((how) => this.#onExit(process, how))
        this.#setState('ready', `${this.#device.device}: ${this.#device.reason}`)
        return process
      } catch (error) {
        failure = error instanceof EngineError ? (error.detail ?? error.message) : String(error)
        this.#options.onState('starting', failure)
      }
    }
    if (this.#state !== 'stopped') {
      const lastWord = failure.split('\n').at(-1)
      this.#setState('failed', `the engine could not be started ${START_TRIES} times in a row: ${lastWord}`)
    }
    this.#up = undefined
    throw new EngineError('unavailable', 'The engine cannot be started.', failure)
  }

  #onExit(process: EngineProcess, how: string): void {
    if (this.#process !== process || this.#state === 'stopped') return
    this.#options.onState('starting', how)
    this.#up = this.#spawnUntilReady()
    this.#up.catch(() => {})
  }

  #setState(state: EngineState, detail: string): void {
    this.#state = state
    this.#options.onState(state, detail)
  }
}
