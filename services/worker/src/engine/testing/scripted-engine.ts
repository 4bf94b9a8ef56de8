import type { GenerateHooks, GenerateRequest, GenerateResult } from '@pentimento/pipeline'
import { PipelineError } from '@pentimento/pipeline'
import { connectEngine } from '../connect-engine.ts'

/**
 * An engine for tests that need one to be slow, to hang or to die: the real process, channel and protocol around a
 * "model" that follows the script in the prompt. The worker's configuration cannot name it.
 */
export interface Script {
  /** How long each step blocks the event loop, as a native call does. */
  stepMs?: number
  /** The step that never ends. */
  hangAtStep?: number
  /** The step at which the process dies, and how. */
  dieAtStep?: number
  dieBy?: 'SIGKILL' | 'SIGABRT' | 'exit' | 'heap'
  failWith?: 'not_supported' | 'empty_mask' | 'device_error' | 'out_of_memory' | 'bad_output' | 'internal'
}

const block = new Int32Array(new SharedArrayBuffer(4))
const blockFor = (ms: number) => void Atomics.wait(block, 0, 0, ms)

function die(by: NonNullable<Script['dieBy']>): void {
  if (by === 'exit') process.exit(3)
  if (by !== 'heap') {
    process.kill(process.pid, by)
    blockFor(60_000)
  }
  const held: unknown[] = []
  for (;;) held.push(new Array(1_000_000).fill(held.length))
}

async function generate(_model: string, request: GenerateRequest, hooks: GenerateHooks): Promise<GenerateResult> {
  const script: Script = request.prompt.startsWith('{') ? JSON.parse(request.prompt) : {}
  const started = performance.now()
  hooks.onProgress?.({ phase: 'encoding', step: 0, steps: request.steps })
  for (let step = 1; step <= request.steps; step++) {
    await new Promise((resolve) => setImmediate(resolve))
    if (hooks.signal?.aborted) throw new PipelineError('canceled', 'The generation was stopped.')
    if (step === script.hangAtStep) blockFor(Number.POSITIVE_INFINITY)
    if (step === script.dieAtStep) die(script.dieBy ?? 'SIGKILL')
    blockFor(script.stepMs ?? 0)
    hooks.onProgress?.({ phase: 'denoising', step, steps: request.steps })
    const shape = { images: request.numImages, height: 2, width: 2 }
    hooks.onLatents?.(new Float32Array(16 * shape.images).fill(step), shape, step)
  }
  if (script.failWith === 'internal') throw new TypeError('cannot read something of undefined')
  if (script.failWith) throw new PipelineError(script.failWith, `failed as scripted: ${script.failWith}`)
  hooks.onProgress?.({ phase: 'decoding', step: request.steps, steps: request.steps })
  const { width, height } = request
  const images = Array.from({ length: request.numImages }, (_, i) => ({
    image: { width, height, data: new Uint8Array(width * height * 3).fill((request.seed + i) & 255) },
    seed: request.seed + i,
    variationSeed: null,
  }))
  return {
    images,
    embeddings: [],
    stepsRun: request.steps,
    modelCalls: request.steps,
    warnings: [],
    timings: { encodeMs: 0, denoiseMs: performance.now() - started, decodeMs: 0, shapeWarmupMs: 0 },
  }
}

connectEngine({
  open: async ({ device }) => {
    if (device === 'cuda') throw new Error('no CUDA here')
    return { device, reason: 'scripted' }
  },
  load: async ({ dir }) => {
    if (dir.includes('unusable')) throw new PipelineError('model_unusable', 'The folder holds no model.')
    blockFor(20)
    return dir
  },
  release: async () => {},
  figures: async () => ({ busyMs: 0, idleWithWorkMs: 0, calls: {}, waitingRows: 0, newShapes: [] }),
  isCurrent: async () => true,
  generate,
  preview: (_model, denoised, { width, height }) => ({
    width,
    height,
    data: new Uint8Array(width * height * 3).fill(denoised[0] ?? 0),
  }),
})
