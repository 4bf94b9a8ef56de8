// Paints jobs alone and together on WebGPU and a checkpoint, beside the CPU, then asks for too much memory, in a process
// of its own, as the Vulkan driver is chosen by its environment. Prints one line of JSON. Started by
// webgpu.integration.test.ts.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ldmFile } from '../folder/ldm-file.testing.ts'
import {
  type GenerateRequest,
  generate,
  type LoadOptions,
  loadModel,
  type PipelineError,
  plainMaskSettings,
} from '../index.ts'
import { oneOperator } from '../onnx/one-operator.ts'
import { localRuntime, openSession } from '../ort/runtime.ts'
import { fixtureModel, pipelineCases, plainRequest } from './pipeline-cases.ts'
import { largestDifference } from './reference.ts'

const { picture } = pipelineCases('pipelines', {})
const square = { ...plainRequest, image: picture('sketch'), width: 64, height: 64 }
const hole = { width: 64, height: 64, data: new Uint8Array(64 * 64).map((_, i) => (i % 64 < 32 ? 255 : 0)) }
// Of a model whose rows may be told different timesteps.
const jobs: GenerateRequest[] = [
  { ...square, sampler: 'euler', steps: 2, strength: 1 },
  { ...square, sampler: 'dpmpp_2m', steps: 3, strength: 1, seed: 5, guidanceScale: 11 },
  { ...square, sampler: 'euler_a', steps: 2, strength: 1, seed: 9, guidanceScale: 1 },
  {
    ...square,
    kind: 'inpaint',
    inpaint: { ...plainMaskSettings, mask: hole },
    sampler: 'euler',
    steps: 2,
    strength: 1,
  },
]

async function paintAlone(path: string, options: LoadOptions, requests: GenerateRequest[]) {
  const model = await loadModel(path, options)
  const pictures: Uint8Array[] = []
  for (const request of requests) pictures.push((await generate(model, request)).images[0].image.data)
  return { model, pictures }
}

function compare(pictures: Uint8Array[], expected: Uint8Array[]): { largest: number; contrast: number }[] {
  return pictures.map((data, i) => ({
    largest: largestDifference(data, expected[i]),
    contrast: data.reduce((high, value) => Math.max(high, value)) - data.reduce((low, value) => Math.min(low, value)),
  }))
}

const onCpu: LoadOptions = { device: 'cpu', threads: 1 }
const runtime = localRuntime()
const small = fixtureModel('tiny-sd2')
const alone = await paintAlone(small, { device: 'webgpu', runtime }, jobs)
const results = compare(alone.pictures, (await paintAlone(small, onCpu, jobs)).pictures)
const { device } = alone.model

// All of them at once share calls.
await runtime.figures()
const together = await Promise.all(jobs.map((job) => generate(alone.model, job)))
const joined = {
  largest: together.map(({ images }, i) => largestDifference(images[0].image.data, alone.pictures[i])),
  rows: Object.keys((await runtime.figures()).calls).map(Number),
}

// Graphs that are written here, over halves in a file.
const dir = await mkdtemp(join(tmpdir(), 'pentimento-webgpu-'))
const file = join(dir, 'tiny.safetensors')
await writeFile(file, ldmFile('sd1', 'F16'))
// The small encoder is narrower than the 64 channels that a head has.
await writeFile(join(dir, 'tiny.json'), '{"heads":{"text_encoder":1}}')
const [own, expected] = [
  await paintAlone(file, { device: 'webgpu' }, jobs.slice(0, 1)),
  await paintAlone(file, onCpu, jobs.slice(0, 1)),
]
const checkpoint = compare(own.pictures, expected.pictures)
await rm(dir, { recursive: true })

// Two gigabytes in one piece, twice what SwiftShader allows; then something that fits.
const one = (value: number) => ({ data: Float32Array.of(value), dims: [1] })
const expand = oneOperator('Expand', { x: 'float32', shape: 'int64' }, 'float32')
const session = await openSession(expand, { executionProviders: ['webgpu', 'cpu'] })
const tooMuch = await session.run({ x: one(7), shape: one(2 ** 29) }, ['y']).then(() => null, deviceErrorOf)
const { y } = await session.run({ x: one(7), shape: one(2) }, ['y'])
const memory = { error: tooMuch, after: [...y.data] }
process.stdout.write(`${JSON.stringify({ device, results, checkpoint, joined, memory })}\n`)

function deviceErrorOf(error: PipelineError): Pick<PipelineError, 'code' | 'message'> {
  return { code: error.code, message: error.message }
}
