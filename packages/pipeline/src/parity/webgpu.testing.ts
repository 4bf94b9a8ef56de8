// Paints with an export and a checkpoint on the CPU and on WebGPU, then asks for too much memory, in a process of its
// own, as the Vulkan driver is chosen by its environment. Prints one line of JSON. Started by
// webgpu.integration.test.ts.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { setPriority, tmpdir } from 'node:os'
import { join } from 'node:path'
import { type GenerateRequest, generate, loadModel, type PipelineError } from '../index.ts'
import { oneOperator } from '../onnx/one-operator.ts'
import { localRuntime, openSession } from '../ort/runtime.ts'
import type { Img2imgRequest } from '../request.ts'
import { oneWidthFile } from './one-width-file.testing.ts'
import { fixtureModel, pipelineCases, plainRequest } from './pipeline-cases.ts'
import { largestDifference } from './reference.ts'

// The driver takes every core for a minute, beside tests of programs that have their time limits.
setPriority(10)

const { cases, request: requestOf } = pipelineCases('pipelines', { semantics: 'diffusers' })
/** Few shapes and steps: what takes long is to make a program for each. */
const small = { width: 64, height: 64, steps: 2 }
const smallCase = (kind: string): GenerateRequest => {
  const found = cases.find((one) => one.model === 'tiny-sd2' && (one.kind ?? 'img2img') === kind)
  if (!found) throw new Error(`there is no case of ${kind}`)
  return { ...requestOf(found), ...small }
}

interface Result {
  kind: string
  largest: number
  contrast: number
}

async function paintOnBoth(path: string, requests: GenerateRequest[], runtime = localRuntime()) {
  const cpu = await loadModel(path, { device: 'cpu', threads: 1 })
  const webgpu = await loadModel(path, { device: 'webgpu', runtime })
  const results: Result[] = []
  for (const request of requests) {
    const [expected] = (await generate(cpu, request)).images
    const [painted] = (await generate(webgpu, request)).images
    const { data } = painted.image
    results.push({
      kind: request.kind,
      largest: largestDifference(data, expected.image.data),
      contrast: data.reduce((high, value) => Math.max(high, value)) - data.reduce((low, value) => Math.min(low, value)),
    })
  }
  return { webgpu, results }
}

// Of a model whose rows may be told different timesteps.
const runtime = localRuntime()
const sd2 = fixtureModel('tiny-sd2')
const { webgpu: shared, results } = await paintOnBoth(sd2, [smallCase('img2img'), smallCase('inpaint')], runtime)

// Graphs that are written here, over halves in a file.
const dir = await mkdtemp(join(tmpdir(), 'pentimento-webgpu-'))
const file = join(dir, 'tiny.safetensors')
await writeFile(file, oneWidthFile())
// The small encoder is narrower than the 64 channels that a head has.
await writeFile(join(dir, 'tiny.json'), '{"heads":{"text_encoder":1}}')
// The norms of a checkpoint, of 32 groups each, are what takes long: one row, one step.
const oneRow = { ...smallCase('img2img'), sampler: 'euler' as const, guidanceScale: 1 }
const checkpoint = (await paintOnBoth(file, [oneRow])).results
await rm(dir, { recursive: true })

// Jobs that share calls, beside each by itself.
const square = { ...plainRequest, ...small, image: pipelineCases('pipelines', {}).picture('sketch') }
const jobs: Img2imgRequest[] = [
  { ...square, sampler: 'euler', strength: 1 },
  { ...square, sampler: 'dpmpp_2m', steps: 3, strength: 1, seed: 5, guidanceScale: 11 },
  { ...square, sampler: 'euler_a', strength: 1, seed: 9, guidanceScale: 1 },
]
const alone: Uint8Array[] = []
for (const job of jobs) alone.push((await generate(shared, job)).images[0].image.data)
await runtime.figures()
const together = await Promise.all(jobs.map((job) => generate(shared, job)))
const joined = {
  largest: together.map(({ images }, i) => largestDifference(images[0].image.data, alone[i])),
  rows: Object.keys((await runtime.figures()).calls).map(Number),
}

// Two gigabytes in one piece, twice what SwiftShader allows; then something that fits.
const one = (value: number) => ({ data: Float32Array.of(value), dims: [1] })
const expand = oneOperator('Expand', { x: 'float32', shape: 'int64' }, 'float32')
const session = await openSession(expand, { executionProviders: ['webgpu', 'cpu'] })
const tooMuch = await session.run({ x: one(7), shape: one(2 ** 29) }, ['y']).then(() => null, deviceErrorOf)
const { y } = await session.run({ x: one(7), shape: one(2) }, ['y'])
const memory = { error: tooMuch, after: [...y.data] }
process.stdout.write(`${JSON.stringify({ device: shared.device, results, checkpoint, joined, memory })}\n`)

function deviceErrorOf(error: PipelineError): Pick<PipelineError, 'code' | 'message'> {
  return { code: error.code, message: error.message }
}
