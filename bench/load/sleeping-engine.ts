import { setTimeout as sleep } from 'node:timers/promises'
import { type GenerateHooks, type GenerateRequest, type GenerateResult, PipelineError } from '@pentimento/pipeline'
import { connectEngine } from '../../services/worker/src/engine/connect-engine.ts'

/**
 * An engine that sleeps where another computes, behind the real process boundary and protocol: what is left is the cost
 * of everything around the model. `STEP_MS` is how long a step takes. No configuration of a worker can name it; see
 * bench-worker.ts.
 */
const STEP_MS = 10

async function generate(_model: null, request: GenerateRequest, hooks: GenerateHooks): Promise<GenerateResult> {
  const { steps, numImages, image, width, height, seed } = request
  const started = performance.now()
  for (let step = 1; step <= steps; step++) {
    await sleep(STEP_MS)
    if (hooks.signal?.aborted) throw new PipelineError('canceled', 'The generation was canceled.')
    hooks.onProgress?.({ phase: 'denoising', step, steps })
  }
  // The input itself, where it has the size: a photo, which costs what a photo costs to encode.
  const same = image?.width === width && image.height === height
  const data = same ? image.data : new Uint8Array(width * height * 3)
  return {
    images: Array.from({ length: numImages }, (_, i) => ({
      image: { width, height, data },
      seed: seed + i,
      variationSeed: null,
    })),
    embeddings: [],
    stepsRun: steps,
    modelCalls: steps,
    warnings: [],
    timings: { encodeMs: 0, denoiseMs: performance.now() - started, decodeMs: 0, shapeWarmupMs: 0 },
  }
}

connectEngine<null>({
  open: async () => ({ device: 'none', reason: 'it sleeps' }),
  load: async () => null,
  release: async () => {},
  figures: async () => ({ busyMs: 0, idleWithWorkMs: 0, calls: {}, waitingRows: 0, newShapes: [] }),
  isCurrent: async () => true,
  generate,
  preview: (_model, _denoised, { width, height }) => ({ width, height, data: new Uint8Array(width * height * 3) }),
})
