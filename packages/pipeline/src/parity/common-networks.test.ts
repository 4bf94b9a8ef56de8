import { expect, test } from 'vitest'
import { openOrtGraph } from '../ort/ort-graph.ts'
import { defaultLimits, localRuntime } from '../ort/runtime.ts'
import { checkpointCases, checkpointModels } from './checkpoint-cases.ts'

test('of a checkpoint and the same with something beside it, what is equal is open once', async () => {
  let open = 0
  const runtime = localRuntime(defaultLimits, async (...args) => {
    const graph = await openOrtGraph(...args)
    open++
    return { ...graph, release: () => graph.release().finally(() => open--) }
  })
  const models = checkpointModels(runtime)
  const { cases, run } = checkpointCases('controls', models)
  const named = Map.groupBy(
    cases.filter(({ model }) => model === 'sd1'),
    ({ controls = [] }) => controls.map(({ name }) => name).join(),
  )
  const [first, second] = [...named.values()].flatMap(([one]) => one ?? [])
  if (!first || !second) throw new Error('there are no two combinations')
  await run({ ...first, controls: [] })
  expect(open).toBe(4)
  // Each combination has a UNet of its own, and the text encoder and both halves of the VAE in common.
  expect((await run(first)).largest).toBeLessThanOrEqual(3)
  expect((await run(second)).largest).toBeLessThanOrEqual(3)
  expect(open).toBe(6)
  await models.release()
  expect(open).toBe(0)
})
