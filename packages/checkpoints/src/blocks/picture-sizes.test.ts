import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as ort from 'onnxruntime-node'
import { afterAll, expect, it } from 'vitest'
import { readControl } from '../controls/read-control.ts'
import type { Graph, Sizes } from '../graph/graph.ts'
import { modelBytes } from '../graph/model-bytes.ts'
import { writeGraph } from '../graphs.ts'
import { readCheckpoint } from '../read-checkpoint.ts'
import { sessionOptions } from '../session-options.ts'
import { networks, writeWeights } from '../testing/networks.ts'
import { numberedFile } from '../testing/numbered-file.ts'
import { inputNumbers } from '../testing/numbers.ts'
import { ldmTensors } from '../testing/tiny-checkpoints.ts'
import { controlNetTensors } from '../testing/tiny-controls.ts'

const dir = mkdtempSync(join(tmpdir(), 'pentimento-sizes-'))
afterAll(() => rmSync(dir, { recursive: true }))

type Dims = Record<string, readonly number[]>

/** Runs a graph on numbers of these sizes, and answers the sizes of every value whose sizes are told. */
async function sizesRun(graph: Graph, inputs: Dims): Promise<Map<string, readonly number[]>> {
  const { bytes, folder } = modelBytes({ ...graph, outputs: [...graph.outputs, ...graph.values], values: [] })
  const options = { ...sessionOptions(folder, 'lean'), logSeverityLevel: 3 as const, intraOpNumThreads: 1 }
  const session = await ort.InferenceSession.create(bytes, options)
  const feeds = Object.entries(inputs).map(([name, dims], i) => [
    name,
    new ort.Tensor('float32', inputNumbers([...dims], i), dims),
  ])
  const results = await session.run(Object.fromEntries(feeds))
  await session.release()
  return new Map(Object.entries(results).map(([name, { dims }]) => [name, dims]))
}

/** What the name of a size stands for. */
function sizeOf(size: Sizes[number], known: Record<string, number>): number {
  if (typeof size === 'number') return size
  const javascript = size.replaceAll('⌊', 'Math.floor(').replaceAll('⌋', ')').replaceAll('×', '*')
  return new Function(...Object.keys(known), `return ${javascript}`)(...Object.values(known))
}

function expectSizes(
  { values }: Graph,
  run: Awaited<ReturnType<typeof sizesRun>>,
  known: Record<string, number>,
): void {
  for (const { name, shape } of values)
    expect([name, ...shape.map((size) => sizeOf(size, known))]).toEqual([name, ...(run.get(name) ?? [])])
}

function convolved({ nodes }: Graph): string[] {
  return nodes.filter(({ type }) => type === 'Conv').flatMap(({ outputs }) => outputs)
}

const unet = networks.unets['no-middle']?.shapes ?? {}

it.each([
  [8, 8],
  [7, 10],
])('says of a UNet’s values at %d×%d latents what sizes they have', async (height, width) => {
  const weights = await writeWeights(join(dir, `${height}.bin`), unet)
  const graph = writeGraph(
    { weights: { unet: weights }, heads: {}, texts: {}, family: { value: 'sd1' } },
    'unet',
    'cpu',
  )
  const run = await sizesRun(graph, {
    sample: [2, 4, height, width],
    timestep: [1],
    encoder_hidden_states: [2, 3, 32],
  })
  const known = { batch_size: 2, height, width }
  expect(graph.values.map(({ name }) => name)).toEqual(expect.arrayContaining(convolved(graph)))
  expectSizes(graph, run, known)
})

it('says of the values of a ControlNet beside a UNet what sizes they have, from the latents on', async () => {
  const [model, control] = [ldmTensors('sd1'), controlNetTensors('sd1')].map((tensors, i) => {
    const file = join(dir, `${i}.safetensors`)
    writeFileSync(file, numberedFile(tensors))
    return file
  }) as [string, string]
  const graph = writeGraph({ ...(await readCheckpoint(model)), controls: [await readControl(control)] }, 'unet', 'cpu')
  const [height, width] = [6, 5]
  const run = await sizesRun(graph, {
    sample: [2, 4, height, width],
    timestep: [1],
    encoder_hidden_states: [
      2,
      3,
      graph.inputs.find(({ name }) => name === 'encoder_hidden_states')?.shape[2] as number,
    ],
    control_0_picture: [2, 3, 8 * height, 8 * width],
    control_0_scale: [2],
  })
  const known = { batch_size: 2, height, width, picture_height: 8 * height, picture_width: 8 * width }
  expect(graph.values.map(({ name }) => name)).toEqual(expect.arrayContaining(convolved(graph)))
  expectSizes(graph, run, known)
})

it.each(['vae_encoder', 'vae_decoder'] as const)('says of the values of a %s what sizes they have', async (name) => {
  const vae = await writeWeights(join(dir, `${name}.bin`), networks.vae.shapes)
  const graph = writeGraph({ weights: { vae }, heads: {}, texts: {}, family: { value: 'sd1' } }, name, 'cpu')
  const [input, height, width] = name === 'vae_encoder' ? ['sample', 40, 24] : ['latent_sample', 5, 3]
  const channels = graph.inputs[0]?.shape[1] as number
  const run = await sizesRun(graph, { [input]: [1, channels, height, width] as number[] })
  const known = { batch_size: 1, height, width, latent_height: height, latent_width: width } as Record<string, number>
  expect(graph.values.length).toBeGreaterThan(20)
  expectSizes(graph, run, known)
})
