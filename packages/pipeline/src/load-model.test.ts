import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { integerField, lengthField } from '@pentimento/checkpoints'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { generate } from './generate.ts'
import { type LoadedModel, loadModel } from './load-model.ts'
import { fixtureModel, pipelineCases, plainRequest } from './parity/pipeline-cases.ts'

const options = { device: 'cpu', threads: 1 } as const
let root: string
let dir: string

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'model-'))
})
beforeEach(async () => {
  dir = await mkdtemp(join(root, 'copy-'))
  await cp(fixtureModel('tiny-sd1'), dir, { recursive: true })
})
afterAll(() => rm(root, { recursive: true }))

test('a loaded model tells what it takes and lets go of it', async () => {
  const model = await loadModel(dir, options)
  expect(model).toMatchObject({ device: 'cpu', description: { id: 'tiny-sd1' } })
  const { parts } = model.description
  expect(model.memoryBytes).toBe(Object.values(parts).reduce((sum, bytes) => sum + bytes, 0))
  await model.dispose()
  const request = { ...plainRequest, image: pipelineCases('pipelines', {}).picture('sketch') }
  await expect(generate(model, request)).rejects.toThrow()
})

test('weights in a file beside the graph are found', async () => {
  const model = (await loadModel(fixtureModel('tiny-sd1-inpaint'), options)) as LoadedModel
  expect([...model.folder.parts.unet.graph.externalFiles]).toEqual(['weights.pb'])
  await model.dispose()
})

describe('what cannot be loaded is refused with the reason', () => {
  const refused = (reason: RegExp): Promise<void> =>
    expect(loadModel(dir, options)).rejects.toMatchObject({
      code: 'model_unusable',
      message: expect.stringMatching(reason),
    })

  test('a graph that was fused for a GPU', async () => {
    const free = ['b', 'c', 'h', 'w']
    const graph = graphOf('NhwcConv', 'com.microsoft', { latent_sample: free }, ['sample', free])
    await writeFile(join(dir, 'vae_decoder/model.onnx'), graph)
    await refused(/^vae_decoder\/model\.onnx: it uses operators .*com\.microsoft\.NhwcConv.*without fusing/)
  })

  test('a graph of one fixed shape', async () => {
    const inputs = { sample: [2, 4, 64, 64], timestep: [], encoder_hidden_states: [2, 77, 32] }
    const graph = graphOf('Identity', '', inputs, ['out_sample', [2, 4, 64, 64]])
    await writeFile(join(dir, 'unet/model.onnx'), graph)
    await refused(/one fixed shape \(2×4×64×64\)/)
  })

  test('weights that are not there', async () => {
    await cp(fixtureModel('tiny-sd1-inpaint'), dir, { recursive: true })
    await rm(join(dir, 'unet/weights.pb'))
    await refused(/unet\/weights\.pb, which holds the weights of model\.onnx, is missing/)
  })

  test('a tokenizer that is not there', async () => {
    await rm(join(dir, 'tokenizer'), { recursive: true })
    await refused(/tokenizer has neither/)
  })

  test('an id or a size that makes no sense', async () => {
    await writeFile(join(dir, 'pentimento.json'), '{"native_size": 7}')
    await refused(/native_size is 7/)
  })
})

test('a model that knows few words warns of the others', async () => {
  const manifest = JSON.parse(await readFile(join(dir, 'pentimento.json'), 'utf8'))
  await writeFile(join(dir, 'pentimento.json'), JSON.stringify({ ...manifest, vocabulary: ['a', 'red', 'pear'] }))
  const model = await loadModel(dir, options)
  const image = pipelineCases('pipelines', {}).picture('sketch')
  const prompt = 'a (red:1.2) zebra BREAK a quince[pear]a'
  const request = { ...plainRequest, image, steps: 2, prompt }
  expect((await generate(model, request)).warnings).toEqual([
    { code: 'unknown_words', message: 'This model knows few words and has never seen: zebra, quince.' },
  ])
  // There it is a word like any other.
  expect((await generate(model, { ...request, semantics: 'diffusers' })).warnings).toEqual([
    { code: 'unknown_words', message: 'This model knows few words and has never seen: zebra, break, quince.' },
  ])
  await model.dispose()
})

type Dims = readonly (number | string)[]

/** A graph of one operator, of a domain of its own or of the standard set, between float32 inputs and one output. */
function graphOf(operator: string, domain: string, inputs: Record<string, Dims>, output: [string, Dims]): Uint8Array {
  const value = (name: string, dims: Dims): Uint8Array[] => {
    const shape = dims.map((dim) =>
      lengthField(1, [typeof dim === 'number' ? integerField(1, dim) : lengthField(2, dim)]),
    )
    return [lengthField(1, name), lengthField(2, [lengthField(1, [integerField(1, 1), lengthField(2, shape)])])]
  }
  const [first] = Object.keys(inputs)
  const node = [lengthField(1, first), lengthField(2, output[0]), lengthField(4, operator), lengthField(7, domain)]
  const graph = [
    lengthField(1, node),
    lengthField(2, 'one'),
    ...Object.entries(inputs).map(([name, dims]) => lengthField(11, value(name, dims))),
    lengthField(12, value(...output)),
  ]
  const opset = (name: string, version: number): Uint8Array =>
    lengthField(8, [lengthField(1, name), integerField(2, version)])
  return Buffer.concat([integerField(1, 8), lengthField(7, graph), opset('', 17), opset(domain, 1)])
}
