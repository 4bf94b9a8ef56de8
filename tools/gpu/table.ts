// Times of one UNet call by rows, and of whole pictures:
//   node --conditions=source tools/gpu/table.ts MODEL [cuda|webgpu|cpu]
// MODEL is a folder in the layout of diffusers, of SD 1.5's or SDXL's shape. Lines come as they are
// measured; both tables are Markdown.
import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type {
  InferenceSession as Session,
  Tensor as TensorType,
} from '../../packages/pipeline/node_modules/onnxruntime-node/dist/index.js'
import {
  type Device,
  type GenerateRequest,
  generate,
  loadModel,
  plainSettings,
} from '../../packages/pipeline/src/index.ts'
import { hashedPicture } from './hashed-picture.ts'

const [dir = '', device = 'cuda'] = process.argv.slice(2)
if (dir === '') throw new Error('say which model: tools/gpu/table.ts MODEL [DEVICE]')
const RUNS = 12
const LATENT = 64

// The one copy of the library that the pipeline uses.
const require = createRequire(new URL('../../packages/pipeline/package.json', import.meta.url))
const { InferenceSession, Tensor } =
  require('onnxruntime-node') as typeof import('../../packages/pipeline/node_modules/onnxruntime-node/dist/index.js')

const median = (list: number[]) => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)] ?? Number.NaN

/** Memory that the GPU has in use, in GB, as the driver tells it. */
function gpuMemory(): string {
  const { stdout } = spawnSync('nvidia-smi', ['--query-gpu=memory.used', '--format=csv,noheader,nounits'], {
    encoding: 'utf8',
  })
  return stdout ? (Number(stdout.split('\n')[0]) / 1024).toFixed(1) : '?'
}

/** What an input takes for this many rows: dimensions with a name are rows first, then tokens or the latent's sides. */
function feedOf({ name, type, shape }: Session.TensorValueMetadata, rows: number): TensorType {
  const free = name === 'encoder_hidden_states' ? [rows, 77] : [rows, 4, LATENT, LATENT]
  const dims = shape.map((size, i) => (typeof size === 'number' ? size : (free[i] ?? 1)))
  if (name === 'timestep') dims.fill(1)
  const count = dims.reduce((product, size) => product * size, 1)
  const values = Float32Array.from({ length: count }, () => (name === 'timestep' ? 500 : Math.random() * 2 - 1))
  if (type === 'int64')
    return new Tensor(
      'int64',
      BigInt64Array.from(values, (value) => BigInt(Math.round(value))),
      dims,
    )
  if (type !== 'float16') return new Tensor('float32', values, dims)
  return new Tensor('float16', new Uint16Array(Float16Array.from(values).buffer) as never, dims)
}

async function unetTable(): Promise<void> {
  const session = await InferenceSession.create(join(dir, 'unet/model.onnx'), {
    executionProviders: [device, 'cpu'],
    enableMemPattern: false,
    logSeverityLevel: 3,
  })
  console.log('| rows | first, ms | median, ms | ms a row | GPU memory, GB |\n|---|---|---|---|---|')
  for (const rows of [2, 16, 8, 4, 1, 32]) {
    const feeds: Record<string, TensorType> = {}
    for (const input of session.inputMetadata) if (input.isTensor) feeds[input.name] = feedOf(input, rows)
    const times: number[] = []
    for (let run = 0; run <= RUNS; run++) {
      const started = performance.now()
      await session.run(feeds)
      times.push(performance.now() - started)
    }
    const [first = 0, ...again] = times
    console.log(
      `| ${rows} | ${first.toFixed(0)} | ${median(again).toFixed(1)} | ${(median(again) / rows).toFixed(2)} | ${gpuMemory()} |`,
    )
  }
  await session.release()
}

async function pictureTable(): Promise<void> {
  let inside = 0
  // The types show a factory, but what it makes are instances of this very class.
  const { prototype } = InferenceSession as unknown as { prototype: Session }
  const { run } = prototype
  prototype.run = async function (this: Session, ...args: Parameters<typeof run>) {
    const started = performance.now()
    return run.apply(this, args).finally(() => {
      inside += performance.now() - started
    })
  } as typeof run
  const model = await loadModel(dir, { device: device as Device })
  console.log('| picture | first, ms | again, ms | outside ONNX Runtime, ms |\n|---|---|---|---|')
  for (const { side = 512, height = side, numImages = 1 } of [
    {},
    { numImages: 4 },
    { side: 640, height: 448 },
    { side: 768 },
  ]) {
    const settings = { image: hashedPicture(side, height), width: side, height, numImages, strength: 1, steps: 25 }
    const request: GenerateRequest = { ...plainSettings, prompt: 'a photo of a cat', sampler: 'euler', ...settings }
    const times: number[] = []
    for (let round = 0; round < 2; round++) {
      inside = 0
      const started = performance.now()
      await generate(model, request)
      times.push(performance.now() - started)
    }
    const [first = 0, again = 0] = times
    console.log(
      `| ${numImages} of ${side}×${height} | ${first.toFixed(0)} | ${again.toFixed(0)} | ${(again - inside).toFixed(0)} |`,
    )
  }
  await model.dispose()
}

await unetTable()
await pictureTable()
