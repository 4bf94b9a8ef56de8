// Paints with an export and a checkpoint on the CPU and on WebGPU, then asks for too much memory, in a process of its
// own, as the Vulkan driver is chosen by its environment. Prints one line of JSON. Started by
// webgpu.integration.test.ts.
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { setPriority, tmpdir } from 'node:os'
import { join } from 'node:path'
import { type GenerateRequest, generate, loadModel, type PipelineError } from '../index.ts'
import { oneOperator } from '../onnx/one-operator.ts'
import { localRuntime, openSession } from '../ort/runtime.ts'
import type { PictureSettings } from '../request.ts'
import { oneWidthFile } from './one-width-file.testing.ts'
import { fixtureModel, pipelineCases, plainRequest } from './pipeline-cases.ts'
import { largestDifference } from './reference.ts'

// The driver takes every core for a minute, beside tests of programs that have their time limits.
setPriority(10)

const { cases, request: requestOf, picture } = pipelineCases('pipelines', { semantics: 'diffusers' })
/**
 * What takes long is to make a program for each kind of shape, and every pixel. The latents' sides do not halve evenly,
 * and halved they have more places than the 8 that some programs are for.
 */
const small = { width: 40, height: 40, steps: 2 }
const sizes = { min: 8 }
const smallCase = (kind: string, change: Partial<PictureSettings> = {}): GenerateRequest => {
  const found = cases.find((one) => one.model === 'tiny-sd2' && (one.kind ?? 'img2img') === kind)
  if (!found) throw new Error(`there is no case of ${kind}`)
  return { ...requestOf(found), schedule: 'automatic', ...small, ...change }
}

interface Result {
  kind: string
  painted: Uint8Array
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
      painted: data,
      largest: largestDifference(data, expected.image.data),
      contrast: data.reduce((high, value) => Math.max(high, value)) - data.reduce((low, value) => Math.min(low, value)),
    })
  }
  return { webgpu, results }
}

const dir = await mkdtemp(join(tmpdir(), 'pentimento-webgpu-'))

// Jobs of several kinds, lengths and row counts, of a model whose rows may be told different timesteps.
const runtime = localRuntime()
const sd2 = join(dir, 'tiny-sd2')
await cp(fixtureModel('tiny-sd2'), sd2, { recursive: true })
await writeFile(join(sd2, 'pentimento.json'), JSON.stringify({ sizes }))
const jobs: GenerateRequest[] = [
  smallCase('img2img', { sampler: 'euler', steps: 4 }),
  smallCase('inpaint', { sampler: 'dpmpp_2m', steps: 5, seed: 5, guidanceScale: 11 }),
  { ...plainRequest, ...small, image: picture('sketch'), sampler: 'euler_a', strength: 1, seed: 9, guidanceScale: 1 },
]
const { webgpu: shared, results } = await paintOnBoth(sd2, jobs, runtime)

// The same in calls that they share, beside each by itself.
await runtime.figures()
const together = await Promise.all(jobs.map((job) => generate(shared, job)))
const joined = {
  largest: together.map(({ images }, i) => largestDifference(images[0].image.data, results[i].painted)),
  rows: Object.keys((await runtime.figures()).calls).map(Number),
}

// Graphs that are written here, over halves in a file.
const file = join(dir, 'tiny.safetensors')
await writeFile(file, oneWidthFile())
// The small encoder is narrower than the 64 channels that a head has.
await writeFile(join(dir, 'tiny.json'), JSON.stringify({ heads: { text_encoder: 1 }, sizes }))
// The norms of a checkpoint, of 32 groups each, are what takes long: one row, one step.
const oneRow = smallCase('img2img', { sampler: 'euler', guidanceScale: 1 })
const checkpoint = (await paintOnBoth(file, [oneRow])).results
await rm(dir, { recursive: true })

// Two gigabytes in one piece, twice what SwiftShader allows; then something that fits.
const one = (value: number) => ({ data: Float32Array.of(value), dims: [1] })
const expand = oneOperator('Expand', { x: 'float32', shape: 'int64' }, 'float32')
const session = await openSession(expand, { executionProviders: ['webgpu', 'cpu'] })
const tooMuch = await session.run({ x: one(7), shape: one(2 ** 29) }, ['y']).then(() => null, deviceErrorOf)
const { y } = await session.run({ x: one(7), shape: one(2) }, ['y'])
const memory = { error: tooMuch, after: [...y.data] }
const device = shared.device
const answer = { device, results: results.map(figures), checkpoint: checkpoint.map(figures), joined, memory }
process.stdout.write(`${JSON.stringify(answer)}\n`)

function figures({ painted: _, ...rest }: Result): Omit<Result, 'painted'> {
  return rest
}

function deviceErrorOf(error: PipelineError): Pick<PipelineError, 'code' | 'message'> {
  return { code: error.code, message: error.message }
}
