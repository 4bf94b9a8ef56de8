import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { openSession } from '../ort/runtime.ts'
import { fixtureModel } from '../parity/pipeline-cases.ts'
import { readOnnxGraph } from './read-graph.ts'
import type { TensorInfo } from './tensor-info.ts'

test.each([
  'tiny-sdxl/unet',
  'tiny-sdxl/text_encoder_2',
  'tiny-sd1-inpaint/text_encoder',
  'tiny-sd2/unet',
  'tiny-sd2/vae_encoder',
])('%s: reads the inputs and outputs that onnxruntime reads', async (part) => {
  const file = `${fixtureModel(part)}/model.onnx`
  const graph = readOnnxGraph(file)
  const session = await openSession(file, { executionProviders: ['cpu'], threads: 1 })
  expect(graph.inputs).toEqual(session.inputs)
  // onnxruntime names free sizes anew where it can work them out.
  const outline = ({ name, type, shape }: TensorInfo) => `${name} ${type} of ${shape.length} dimensions`
  expect(graph.outputs.map(outline)).toEqual(session.outputs.map(outline))
  await session.release()
})

test('tells operators, weights and where they lie', () => {
  const graph = readOnnxGraph(`${fixtureModel('tiny-sd1/text_encoder')}/model.onnx`)
  expect(graph.customOperators.size).toBe(0)
  expect(graph.externalFiles.size).toBe(0)
  expect(graph.weights.get('encoder.embeddings.token_embedding.weight')).toMatchObject({
    type: 'float32',
    length: 768 * 32 * 4,
    external: null,
  })
  expect(graph.producers.get('last_hidden_state')?.type).toBe('LayerNormalization')
})

test('a file that is no graph is refused', () => {
  expect(() => readOnnxGraph(`${fixtureModel('tiny-sd1')}/model_index.json`)).toThrow(RangeError)
})

test('a damaged file is read or refused, never more', async () => {
  const whole = readFileSync(`${fixtureModel('tiny-sd1/vae_encoder')}/model.onnx`)
  const folder = mkdtempSync(join(tmpdir(), 'graph-'))
  const file = join(folder, 'model.onnx')
  const damage = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 })
  fc.assert(
    fc.property(damage, fc.nat(whole.length), (changes, length) => {
      const bytes = Buffer.from(whole)
      for (const [at, value] of changes) bytes[at] = value
      writeFileSync(file, bytes.subarray(0, Math.max(length, whole.length / 2)))
      try {
        expect(readOnnxGraph(file).inputs).toBeInstanceOf(Array)
      } catch (error) {
        expect(error).toBeInstanceOf(RangeError)
      }
    }),
    { numRuns: 300 },
  )
  rmSync(folder, { recursive: true })
})
