import { modelBytes, sessionOptions, splitChanged } from '@pentimento/checkpoints'
import { loraDifference } from '@pentimento/checkpoints/testing'
import { expect, test } from 'vitest'
import { openOrtGraph } from './ort-graph.ts'
import { threadRuntime } from './thread-host.ts'
import type { Values } from './values.ts'

const run: Parameters<typeof loraDifference>[1] = async (graph, feeds) => {
  const { once, rest } = splitChanged(graph)
  if (once.length === 0) throw new Error('nothing is computed before')
  const [model, ...changed] = [rest, ...once].map((each) => {
    const { bytes, folder } = modelBytes(each)
    return { model: bytes, weights: sessionOptions(folder, 'lean') }
  })
  if (!model) throw new Error('there is a graph')
  const opened = await openOrtGraph(model.model, { executionProviders: ['cpu'], weights: model.weights, changed })
  expect(opened.inputs.map(({ name }) => name)).toEqual(graph.inputs.map(({ name }) => name))
  const given = Object.entries(feeds).map(([name, { type, data, dims }]) => [name, { type, data, dims } as Values])
  const answers = await opened.run(
    Object.fromEntries(given),
    graph.outputs.map(({ name }) => name),
  )
  await opened.release()
  return Object.fromEntries(Object.entries(answers).map(([name, { data }]) => [name, data as Float32Array]))
}

test.each(['locon', 'dora', 'lokr of cp', 'norms', 'peft'])('weights that %s changes are inputs', async (label) => {
  expect(await loraDifference(label, run)).toBeLessThan(2e-5)
})

test('they are computed where the graph runs, in a thread of its own', async () => {
  const { open } = threadRuntime({
    onLost(error) {
      throw error
    },
  })
  const inThread: typeof run = async (graph, feeds) => {
    const { once, rest } = splitChanged(graph)
    const { bytes, folder } = modelBytes(rest)
    const changed = once.map((each) => ({ model: modelBytes(each).bytes, weights: sessionOptions(folder, 'lean') }))
    const session = await open(bytes, { executionProviders: ['cpu'], weights: sessionOptions(folder, 'lean'), changed })
    const given = Object.entries(feeds).map(([name, { data, dims }]) => [name, { data: data as Float32Array, dims }])
    const answers = await session.run(
      Object.fromEntries(given),
      graph.outputs.map(({ name }) => name),
    )
    await session.release()
    return Object.fromEntries(Object.entries(answers).map(([name, { data }]) => [name, data]))
  }
  expect(await loraDifference('locon', inThread)).toBeLessThan(2e-5)
})
