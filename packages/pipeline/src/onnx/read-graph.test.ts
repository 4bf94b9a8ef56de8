import { expect, test } from 'vitest'
import { openSession } from '../ort/session.ts'
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
    dims: [768, 32],
    length: 768 * 32 * 4,
    external: null,
  })
  expect(graph.producers.get('last_hidden_state')?.type).toBe('LayerNormalization')
})

test('a file that is no graph is refused', () => {
  expect(() => readOnnxGraph(`${fixtureModel('tiny-sd1')}/model_index.json`)).toThrow(RangeError)
})
