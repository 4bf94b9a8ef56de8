import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { chooseDevice, factsBy, generate, loadModel, type Model } from '../index.ts'
import { oneOperator } from '../onnx/one-operator.ts'
import { fixtureModel, pipelineCases, plainRequest } from '../parity/pipeline-cases.ts'
import type { RowSession } from './graph.ts'
import { threadRuntime } from './thread-host.ts'

const run = promisify(execFile)
const lost: unknown[] = []
const runtime = threadRuntime({ onLost: (error) => lost.push(error) })
const cpu = { executionProviders: ['cpu'], threads: 1 }
const one = (value: number) => ({ data: Float32Array.of(value), dims: [1] })
const request = { ...plainRequest, image: pipelineCases('pipelines', {}).picture('sketch'), steps: 4, numImages: 2 }
let model: Model

beforeAll(async () => {
  model = await loadModel(fixtureModel('tiny-sd1'), { device: 'cpu', threads: 1, runtime })
}, 60_000)
afterAll(() => model.dispose())

test('the device is tried in its thread', async () => {
  expect(await chooseDevice('cpu', factsBy(runtime.open))).toMatchObject({ device: 'cpu' })
  expect(await chooseDevice('auto', factsBy(runtime.open))).toMatchObject({ device: expect.any(String) })
})

test('onnxruntime is loaded in the other thread alone', async () => {
  const program = `
    import { createRequire } from 'node:module'
    import { generate, loadModel, smallestRequest, threadRuntime } from '@pentimento/pipeline'
    const runtime = threadRuntime({ onLost: (error) => console.log(error) })
    const model = await loadModel(${JSON.stringify(fixtureModel('tiny-sd1'))}, { device: 'cpu', threads: 1, runtime })
    const { images } = await generate(model, smallestRequest(64))
    const paths = Object.keys(createRequire(import.meta.url).cache)
    console.log(images.length, paths.filter((path) => path.includes('onnxruntime')).length)`
  const { stdout } = await run(process.execPath, ['--conditions=source', '--input-type=module', '-e', program], {
    cwd: fileURLToPath(new URL('../../../../services/worker', import.meta.url)),
  })
  expect(stdout.trim()).toBe('1 0')
})

test('pictures are those of one thread, byte for byte, also when two are painted at once', async () => {
  const here = await loadModel(fixtureModel('tiny-sd1'), { device: 'cpu', threads: 1 })
  const other = { ...request, seed: 7, sampler: 'heun' as const, numImages: 1 }
  const expected = [await generate(here, request), await generate(here, other)]
  const painted = await Promise.all([generate(model, request), generate(model, other)])
  for (const [i, { images }] of painted.entries()) {
    expect(images.map(({ image }) => image.data)).toEqual(expected[i].images.map(({ image }) => image.data))
  }
  await here.dispose()
})

describe('a graph in another thread', () => {
  const opened: RowSession[] = []
  const open = async (...model: Parameters<typeof oneOperator>) => {
    const session = await runtime.open(oneOperator(...model), cpu)
    opened.push(session)
    return session
  }
  afterAll(() => Promise.all(opened.map((session) => session.release())))

  test('fails with the same errors', async () => {
    const expand = await open('Expand', { x: 'float32', shape: 'int64' }, 'float32')
    await expect(expand.run({ x: one(7), shape: one(2 ** 44) }, ['y'])).rejects.toMatchObject({
      code: 'out_of_memory',
      message: expect.stringMatching(/A buffer of 70368\.7 GB was asked for\.$/),
      cause: { message: expect.stringContaining('Failed to allocate memory') },
    })
    expect([...(await expand.run({ x: one(7), shape: one(2) }, ['y'])).y.data]).toEqual([7, 7])
    await expect(runtime.open(Uint8Array.of(1, 2, 3), cpu)).rejects.toThrow(/protobuf|parse/i)
  })

  test('leaves this thread free while it computes', async () => {
    const expand = await open('Expand', { x: 'float32', shape: 'int64' }, 'float32')
    let turns = 0
    const timer = setInterval(() => turns++, 1)
    await expand.run({ x: one(7), shape: one(2 ** 25) }, ['y'])
    clearInterval(timer)
    expect(turns).toBeGreaterThan(3)
  })

  test('says how long it worked', async () => {
    const { busyMs, waitingRows, calls } = await runtime.figures()
    expect(busyMs).toBeGreaterThan(0)
    expect(waitingRows).toBe(0)
    expect(calls[2]).toBeGreaterThan(4)
  })
})

test('the thread lives on through all of it', () => {
  expect(lost).toEqual([])
})
