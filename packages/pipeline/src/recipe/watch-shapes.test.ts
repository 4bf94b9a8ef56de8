import { expect, test } from 'vitest'
import { generate } from '../generate.ts'
import { loadModel } from '../load-model.ts'
import { openOrtGraph } from '../ort/ort-graph.ts'
import { defaultLimits, localRuntime } from '../ort/runtime.ts'
import { fixtureModel } from '../parity/pipeline-cases.ts'
import { smallestRequest } from '../plain-settings.ts'

test('a generation is told what first calls of shapes took, as on a GPU: once for each shape', async () => {
  // Believed to be CUDA, computed by the CPU.
  const runtime = localRuntime(defaultLimits, (model, options) =>
    openOrtGraph(model, { ...options, executionProviders: ['cpu'], threads: 1 }),
  )
  const model = await loadModel(fixtureModel('tiny-sd1'), { device: 'cuda', runtime })
  const small = { ...smallestRequest(64), strength: 1, steps: 2 }
  const warmupOf = async (changes: object) => (await generate(model, { ...small, ...changes })).timings
  const { shapeWarmupMs, encodeMs, denoiseMs, decodeMs } = await warmupOf({})
  expect(shapeWarmupMs).toBeGreaterThan(0)
  expect(shapeWarmupMs).toBeLessThan(encodeMs + denoiseMs + decodeMs)
  expect(await warmupOf({ seed: 7 })).toMatchObject({ shapeWarmupMs: 0 })
  expect((await warmupOf({ width: 128 })).shapeWarmupMs).toBeGreaterThan(0)
  await model.dispose()

  const cpu = await loadModel(fixtureModel('tiny-sd1'), { device: 'cpu', threads: 1 })
  expect((await generate(cpu, small)).timings.shapeWarmupMs).toBe(0)
  await cpu.dispose()
})
