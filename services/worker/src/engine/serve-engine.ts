import {
  type DeviceFigures,
  type GenerateHooks,
  type GenerateRequest,
  type GenerateResult,
  PipelineError,
  type RgbImage,
} from '@pentimento/pipeline'
import { createModelCache, type ModelCache } from './model-cache.ts'
import { type EngineCommand, type EngineEvent, type EngineInit, engineCommand, type ModelRef } from './protocol.ts'

/** What does the work inside the engine: the pipeline, or a test's stand-in that misbehaves on command. */
export interface EngineBackend<M> {
  /** Picks the device. Answers what it chose and why, for the log and for people. */
  open(init: EngineInit): Promise<{ device: string; reason: string }>
  load(ref: ModelRef): Promise<M>
  release(model: M): Promise<void>
  /** What the device did since the last time. */
  figures(): Promise<DeviceFigures>
  /** Whether the files are still what was loaded. */
  isCurrent(model: M): Promise<boolean>
  generate(model: M, request: GenerateRequest, hooks: GenerateHooks): Promise<GenerateResult>
  /** The estimate of the finished latents of one of the images, as a small picture. */
  preview(
    model: M,
    denoised: Float32Array,
    shape: { images: number; height: number; width: number },
    index: number,
  ): RgbImage
}

const modelChanged: GenerateResult['warnings'][number] = {
  code: 'model_changed',
  message: "The model's file was changed while the worker ran: it was loaded anew for this job.",
}

/** Enough to fill the calls of a large GPU; a CPU is kept busy by one run. */
const GPU_SLOTS = 8

const FIGURES_MS = 1000

interface EngineChannel {
  send(event: EngineEvent): void
  onMessage(listener: (message: unknown) => void): void
  /** There is nothing more to serve: the process ends. */
  fail(error: unknown): void
}

interface Run {
  controller: AbortController
  previewEvery: number | null
  /** How many were sent: every image gets its turn. */
  previews: number
}

/**
 * The engine's side of the protocol: runs by their number, at most `slots` at once.
 *
 * A native call blocks the event loop, so `cancel` and `previews` are read between steps.
 * Throws on a message that is not of the protocol: the process is then meant to end.
 */
export function serveEngine<M>(channel: EngineChannel, backend: EngineBackend<M>): void {
  const runs = new Map<number, Run>()
  let cache: ModelCache<M> | undefined
  let slots = 0

  async function open(init: EngineInit): Promise<void> {
    const device = await backend.open(init)
    slots = init.slots ?? (device.device === 'cpu' ? 1 : GPU_SLOTS)
    const { load, release, isCurrent } = backend
    cache = createModelCache({ limitBytes: init.modelMemoryBytes, load, release, isCurrent })
    channel.send({ type: 'ready', ...device, slots })
    setInterval(() => runs.size > 0 && void tellFigures(), FIGURES_MS).unref()
  }

  async function tellFigures(): Promise<void> {
    channel.send({ type: 'device', figures: await backend.figures() })
  }

  async function generate(command: Extract<EngineCommand, { type: 'generate' }>): Promise<void> {
    if (!cache) throw new Error(`the engine got "${command.type}" before "init"`)
    if (runs.size === slots) throw new Error(`the engine got "${command.type}" while all its slots were taken`)
    const { run } = command
    const mine: Run = { controller: new AbortController(), previewEvery: command.previewEvery, previews: 0 }
    runs.set(run, mine)
    let giveBack: (() => void) | undefined
    try {
      channel.send({ type: 'progress', run, phase: 'loading', step: 0, steps: 0 })
      const loan = await cache.borrow(command.model)
      const { model, loadMs } = loan
      giveBack = loan.giveBack
      if (loadMs > 0) channel.send({ type: 'models', loaded: cache.held() })
      const result = await backend.generate(model, command.request, {
        signal: mine.controller.signal,
        weight: command.weight,
        onProgress: (progress) => channel.send({ type: 'progress', run, ...progress }),
        onLatents: (denoised, shape, step) => {
          if (mine.previewEvery === null || step % mine.previewEvery !== 0) return
          const index = mine.previews++ % shape.images
          channel.send({ type: 'preview', run, index, step, image: backend.preview(model, denoised, shape, index) })
        },
      })
      if (loan.reloaded) result.warnings.push(modelChanged)
      channel.send({ type: 'generated', run, loadMs, result })
    } catch (error) {
      channel.send({ type: 'failed', run, ...describeFailure(error) })
    } finally {
      giveBack?.()
      runs.delete(run)
      if (runs.size === 0) await tellFigures()
    }
  }

  /** A run that has ended hears nothing any more. */
  function steer(command: Extract<EngineCommand, { type: 'cancel' | 'previews' }>): void {
    const run = runs.get(command.run)
    if (!run) return
    if (command.type === 'cancel') run.controller.abort()
    else run.previewEvery = command.every
  }

  channel.onMessage((message) => {
    const command = engineCommand.parse(message)
    if (command.type === 'init') open(command).catch(channel.fail)
    else if (command.type === 'generate') generate(command).catch(channel.fail)
    else steer(command)
  })
}

function describeFailure(
  error: unknown,
): Pick<Extract<EngineEvent, { type: 'failed' }>, 'code' | 'message' | 'detail'> {
  const detail = error instanceof Error ? describeWithCauses(error) : String(error)
  if (error instanceof PipelineError) return { code: error.code, message: error.message, detail }
  if (error instanceof RangeError && /allocation failed/i.test(error.message)) {
    return { code: 'out_of_memory', message: 'The picture does not fit into the memory of the device.', detail }
  }
  return { code: 'internal', message: 'The engine failed.', detail }
}

function describeWithCauses(error: Error): string {
  const own = error.stack ?? error.message
  return error.cause instanceof Error ? `${own}\ncaused by ${describeWithCauses(error.cause)}` : own
}
