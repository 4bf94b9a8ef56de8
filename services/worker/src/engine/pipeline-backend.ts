import { setFlagsFromString } from 'node:v8'
import {
  chooseDevice,
  type Device,
  factsBy,
  generate,
  type LoadOptions,
  loadModel,
  localRuntime,
  type Model,
  type Runtime,
  type SafetyCheckers,
  safetyCheckers,
  threadRuntime,
  warmShapes,
} from '@pentimento/pipeline'
import { gpuMemory } from './nvidia-smi.ts'
import { previewLatents } from './preview.ts'
import type { EngineBackend } from './serve-engine.ts'

/**
 * The pipeline, its device in a thread of its own where that is not the CPU: a GPU goes on while JavaScript works, but
 * cores that compute have nothing to win by a thread that waits for them, and lose 2 to 3 ms a step by waking it.
 *
 * @param options.visibleGpus `CUDA_VISIBLE_DEVICES`
 * @param options.deviceMain what that thread runs, where it is not onnxruntime
 */
export function pipelineBackend({
  visibleGpus,
  deviceMain,
}: {
  visibleGpus?: string | undefined
  deviceMain?: URL
}): EngineBackend<Model> {
  let options: LoadOptions = { device: 'cpu' }
  let runtime: Runtime
  let checkers: SafetyCheckers
  let shapes: { width: number; height: number }[] = []
  let isFirst = true

  /** Of the first model before anything is asked of it; of others while their first jobs run already. */
  async function warm(model: Model): Promise<void> {
    if (model.device === 'cpu') return
    const { nativeSize: side, sizes } = model.description
    const isTaken = (length: number) => length >= sizes.min && length <= sizes.max && length % sizes.multiple === 0
    const others = shapes.filter(({ width, height }) => width !== side || height !== side)
    const wanted = [{ width: side, height: side }, ...others]
    const warming = warmShapes(
      model,
      wanted.filter(({ width, height }) => isTaken(width) && isTaken(height)),
      async () => (model.device === 'cuda' ? gpuMemory('free', visibleGpus) : null),
    ).catch((error) => void process.stderr.write(`warming up: ${error instanceof Error ? error.message : error}\n`))
    if (isFirst) await warming
    isFirst = false
  }

  return {
    async open({ device, threads, loadMode, rows, warmShapes }) {
      shapes = warmShapes
      let threaded: Runtime | undefined
      const inThread = () => {
        if (threaded) return threaded
        collectLessOften()
        threaded = threadRuntime({ limits: rows, onLost: endEngine, ...(deviceMain && { main: deviceMain }) })
        return threaded
      }
      const choice = await chooseDevice(
        device as 'auto' | Device,
        factsBy((model, options) => inThread().open(model, options)),
      )
      // onnxruntime stays in the thread that a GPU was tried in: one process has it once.
      const isLocal = choice.device === 'cpu' && !threaded && !deviceMain
      runtime = isLocal ? localRuntime(rows) : inThread()
      options = { device: choice.device, loadMode, runtime, ...(threads !== undefined && { threads }) }
      checkers = safetyCheckers({ open: runtime.open, device: choice.device, threads })
      return choice
    },
    async load({ dir, loras = [], controls = [], reference }) {
      const model = await loadModel(dir, { ...options, loras, controls, ...(reference && { reference }) })
      await warm(model)
      return model
    },
    release: (model) => model.dispose(),
    figures: () => runtime.figures(),
    isCurrent: (model) => model.isCurrent(),
    async generate(model, request, hooks) {
      const { safety } = request
      return generate(
        model,
        request,
        safety ? { ...hooks, isUnsafe: (await checkers(safety.checker)).isUnsafe } : hooks,
      )
    },
    preview: ({ description }, denoised, shape, index) => previewLatents(description.previews, denoised, shape, index),
  }
}

/**
 * Latents and pictures are garbage by the megabyte. V8 lets its heap grow by a half before it looks through all of it,
 * some 20 MB, and then holds up every job for tens of milliseconds: beside a GPU it may grow fourfold. The device's
 * thread, which must be told so before it starts, has its young objects looked through for every 16 MB instead of one.
 */
function collectLessOften(): void {
  setFlagsFromString('--heap-growing-percent=300')
  setFlagsFromString('--min-semi-space-size=16')
}

/** Without its device an engine is of no use: the worker starts another. */
function endEngine(error: unknown): void {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`)
  process.exit(1)
}
