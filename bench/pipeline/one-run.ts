// One generation in a process of its own, so that its memory is its own: prints one line of JSON. Started by main.ts.
import { readFileSync, writeFileSync } from 'node:fs'
import { type GenerateRequest, generate, loadModel, plainSettings } from '@pentimento/pipeline'
import { openOrtGraph } from '../../packages/pipeline/src/ort/ort-graph.ts'
import { defaultLimits, localRuntime } from '../../packages/pipeline/src/ort/runtime.ts'
import { type Interval, watchThread } from './who-takes.ts'

const [dir = '', sizeText = '512', stepsText = '5', threadsText = '0', watched = ''] = process.argv.slice(2)
const [size, steps, threads] = [Number(sizeText), Number(stepsText), Number(threadsText)]
/** Milliseconds within onnxruntime's runs. */
let insideMs = 0
/** When this thread was within them, or measured itself. */
const elsewhere: Interval[] = []
/** As the engine has it on a CPU. */
const runtime = localRuntime(defaultLimits, async (...args) => {
  const graph = await openOrtGraph(...args)
  return {
    ...graph,
    async run(...asked) {
      const from = microseconds()
      try {
        return await graph.run(...asked)
      } finally {
        const to = microseconds()
        insideMs += (to - from) / 1000
        elsewhere.push([from, to])
      }
    },
  }
})
/** Milliseconds spent on this measurement itself. */
let measuringMs = 0

/** Largest resident set since the last reset, in bytes (Linux). */
function peakBytes(): number {
  return Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) * 1024
}

function request(): GenerateRequest {
  const data = new Uint8Array(size * size * 3)
  for (let i = 0; i < data.length; i++) data[i] = (i * 2_654_435_761) >>> 24
  return {
    ...plainSettings,
    image: { width: size, height: size, data },
    prompt: 'a photo of a cat',
    width: size,
    height: size,
    strength: 1,
    steps,
    sampler: 'euler',
  }
}

function microseconds(): number {
  return Number(process.hrtime.bigint() / 1000n)
}

const loadStarted = performance.now()
const model = await loadModel(dir, { device: 'cpu', runtime, ...(threads > 0 && { threads }) })
const loadMs = performance.now() - loadStarted
const loadPeakBytes = peakBytes()
// Resets the mark to what is resident now (proc(5), clear_refs 5).
writeFileSync('/proc/self/clear_refs', '5')

/** What stays allocated after each step, garbage collected: a figure that grows is a leak. */
const heldBytes: number[] = []
const ends: number[] = []
await runtime.figures()
insideMs = 0
// Looking at a thread 2,000 times a second slows it down: a run that is watched is no run that is timed.
const stopWatching = watched === 'watched' ? await watchThread() : null
const started = performance.now()
const result = await generate(model, request(), {
  onProgress: ({ phase, step }) => {
    if (phase !== 'denoising' || step === 0) return
    const now = performance.now()
    const from = microseconds()
    ends.push(now - measuringMs)
    globalThis.gc?.()
    const { heapUsed, arrayBuffers } = process.memoryUsage()
    heldBytes.push(heapUsed + arrayBuffers)
    elsewhere.push([from, microseconds()])
    measuringMs += performance.now() - now
  },
})
const totalMs = performance.now() - started - measuringMs
const taken = (await stopWatching?.(elsewhere)) ?? {}
console.log(
  JSON.stringify({
    load_s: loadMs / 1000,
    total_s: totalMs / 1000,
    inside_s: insideMs / 1000,
    step_s: ends.slice(1).map((end, i) => (end - (ends[i] ?? 0)) / 1000),
    peak_bytes: peakBytes(),
    load_peak_bytes: loadPeakBytes,
    weights_bytes: model.memoryBytes,
    held_bytes: heldBytes,
    model_calls: result.modelCalls,
    beside_ms: taken,
  }),
)
await model.dispose()
