import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Tensor as OrtTensor } from 'onnxruntime-node'
import { afterAll, expect, it } from 'vitest'
import { modelBytes } from './graph/model-bytes.ts'
import { type GraphSource, writeGraph } from './graphs.ts'
import { textNames } from './names/text-names.ts'
import { networks, relativeDifference, runGraph, type Shapes, textFeeds, writeWeights } from './testing/networks.ts'
import { encode, inputNumbers, weightNumbers } from './testing/numbers.ts'
import type { Tensor, Weights } from './weights.ts'

const dir = mkdtempSync(join(tmpdir(), 'pentimento-graphs-'))
afterAll(() => rmSync(dir, { recursive: true }))

const { shapes: small = {} } = networks.unets['no-middle'] ?? {}
const feeds = {
  sample: new OrtTensor('float32', inputNumbers([1, 4, 8, 8], 1), [1, 4, 8, 8]),
  timestep: new OrtTensor('float32', Float32Array.of(12), [1]),
  encoder_hidden_states: new OrtTensor('float32', inputNumbers([1, 3, 32], 2), [1, 3, 32]),
}

function source(unet: Weights, rest: Partial<GraphSource> = {}): GraphSource {
  return { weights: { unet }, heads: {}, texts: {}, family: { value: 'sd1' }, ...rest }
}

/** Weights of which only the shapes are looked at. */
function unwritten(shapes: Shapes): Map<string, Tensor> {
  const place = { file: '/models/a.safetensors', dtype: 'F32', offset: 0, length: 0 } as const
  return new Map(Object.entries(shapes).map(([name, shape]) => [name, { ...place, shape }]))
}

it('reads weights that lie in several files of several folders', async () => {
  mkdirSync(join(dir, 'one/deep'), { recursive: true })
  mkdirSync(join(dir, 'two'))
  const one = await writeWeights(join(dir, 'one/deep/weights.bin'), small)
  const two = await writeWeights(join(dir, 'two/weights.bin'), small)
  const split = new Map([...one].map(([name, tensor], i) => [name, i % 2 === 0 ? tensor : (two.get(name) ?? tensor)]))
  const graph = writeGraph(source(split), 'unet', 'cpu')
  expect(modelBytes(graph).folder).toBe(dir)
  expect(modelBytes(writeGraph(source(one), 'unet', 'cpu')).folder).toBe(join(dir, 'one/deep'))
  const alone = await runGraph(writeGraph(source(one), 'unet', 'cpu'), feeds)
  expect((await runGraph(graph, feeds)).out_sample).toEqual(alone.out_sample)
})

it('reads an OpenCLIP encoder as it is stored: rows of one tensor, and a projection the other way round', async () => {
  const { shapes } = networks.texts.projected ?? { shapes: {} }
  const file = join(dir, 'open-clip.bin')
  const plain = await writeWeights(join(dir, 'plain.bin'), shapes)
  const packed = packOpenClip(shapes)
  await writeFile(file, Buffer.concat(packed.map(({ bytes }) => bytes)))
  let offset = 0
  const stored = packed.map(({ name, shape, bytes }): [string, Tensor] => {
    offset += bytes.length
    return [name, { file, dtype: 'F32', shape, offset: offset - bytes.length, length: bytes.length }]
  })
  const run = async (text_encoder_2: Weights) => {
    const texts = { text_encoder_2: { width: 128, layers: 3, pooledWidth: 96, activation: 'gelu' as const } }
    const graph = writeGraph({ ...source(new Map(), { texts }), weights: { text_encoder_2 } }, 'text_encoder_2', 'cpu')
    const ids = BigInt64Array.from({ length: 77 }, (_, i) => BigInt(i < 9 ? i : 299))
    return runGraph(graph, textFeeds(ids, 128))
  }
  const [found, expected] = [await run(textNames(new Map(stored)).weights), await run(plain)]
  expect(Object.keys(found)).toEqual(Object.keys(expected))
  for (const [name, values] of Object.entries(expected)) {
    expect(relativeDifference(found[name], values)).toBeLessThan(1e-6)
  }
})

/** The numbers of a text encoder as OpenCLIP stores them. */
function packOpenClip(shapes: Shapes): { name: string; shape: number[]; bytes: Uint8Array }[] {
  const names = Object.keys(shapes)
  const numbers = (name: string) => weightNumbers(name, shapes[name] ?? [], names.indexOf(name))
  const layer = (name: string) =>
    name
      .replace(/^text_model\.encoder\.layers\.(\d+)\./, 'transformer.resblocks.$1.')
      .replace(/\.layer_norm([12])\./, '.ln_$1.')
      .replace('.mlp.fc1.', '.mlp.c_fc.')
      .replace('.mlp.fc2.', '.mlp.c_proj.')
      .replace('.self_attn.out_proj.', '.attn.out_proj.')
      .replace('text_model.embeddings.position_embedding.weight', 'positional_embedding')
      .replace('text_model.embeddings.', '')
      .replace('text_model.final_layer_norm.', 'ln_final.')
  return names.flatMap((name) => {
    const shape = shapes[name] ?? []
    if (name === 'text_projection.weight') {
      const [rows = 0, columns = 0] = shape
      const values = numbers(name)
      const turned = values.map((_, i) => values[(i % rows) * columns + Math.floor(i / rows)] ?? 0)
      return [{ name: 'text_projection', shape: [columns, rows], bytes: encode(turned, 'F32') }]
    }
    if (/\.[kv]_proj\./.test(name)) return []
    if (!name.includes('.q_proj.')) return [{ name: layer(name), shape, bytes: encode(numbers(name), 'F32') }]
    const three = ['q', 'k', 'v'].map((which) => encode(numbers(name.replace('.q_proj.', `.${which}_proj.`)), 'F32'))
    const [rows = 0, ...others] = shape
    const packed = layer(name).replace('.self_attn.q_proj.', '.attn.in_proj_')
    return [{ name: packed, shape: [3 * rows, ...others], bytes: Buffer.concat(three) }]
  })
}

it('has the inputs and outputs of an export', () => {
  const names = (infos: readonly { name: string; type: string; shape: readonly (string | number)[] }[]) =>
    infos.map(({ name, type, shape }) => `${name} ${type} ${shape.join(' ')}`)
  const { shapes } = networks.unets['sdxl-inpaint'] ?? { shapes: {} }
  const texts = { text_encoder_2: { width: 128, layers: 3, pooledWidth: 128, activation: 'gelu' as const } }
  const unet = writeGraph(source(unwritten(shapes), { texts, family: { value: 'sdxl' } }), 'unet', 'cpu')
  expect(names(unet.inputs)).toEqual([
    'sample float32 batch_size 9 height width',
    'timestep float32 steps',
    'encoder_hidden_states float32 batch_size sequence_length 192',
    'text_embeds float32 batch_size 128',
    'time_ids float32 batch_size 6',
  ])
  expect(names(unet.outputs)).toEqual(['out_sample float32 batch_size 4 height width'])
  const weights = { vae: unwritten(networks.vae.shapes) }
  const encoder = writeGraph({ ...source(new Map()), weights }, 'vae_encoder', 'cpu')
  expect(names(encoder.outputs)).toEqual(['latent_parameters float32 batch_size 8 latent_height latent_width'])
})

it.each([
  ['a tensor that is missing', { without: 'conv_in.bias' }, /^Its unet lacks "conv_in\.bias"/],
  ['a layer that is missing', { without: 'down_blocks.0.resnets.0.conv1.weight' }, /^Its unet lacks "down_blocks\.0/],
  [
    'a norm of other channels',
    { change: { 'conv_norm_out.bias': [64] } },
    /"conv_norm_out\.bias" of 64 where 32×1×1 belongs/,
  ],
  ['channels that make no groups', { change: { 'conv_norm_out.weight': [40] } }, /do not make 32 groups/],
  [
    'a layer of something else',
    { change: { 'motion.weight': [1] } },
    /belong to no layer of Stable Diffusion, as "motion\.weight"/,
  ],
  ['levels down alone', { without: 'up_blocks.1.resnets.0.norm1.weight' }, /2 levels down and 1 up/],
])('%s', (_, { without = '', change = {} }: { without?: string; change?: Shapes }, message) => {
  const shapes = Object.fromEntries(Object.entries({ ...small, ...change }).filter(([name]) => name !== without))
  const write = () => writeGraph(source(unwritten(shapes)), 'unet', 'cpu')
  expect(write).toThrow(message)
})

it('has the heads that a sidecar states, and refuses those that do not go with the channels', () => {
  const heads = (unet: GraphSource['heads']['unet']) => {
    const { nodes } = writeGraph(source(unwritten(small), unet === undefined ? {} : { heads: { unet } }), 'unet', 'cpu')
    return [...new Set(nodes.map(({ attributes }) => attributes.num_heads).filter((count) => count !== undefined))]
  }
  expect(heads(undefined)).toEqual([8])
  expect(heads(4)).toEqual([4])
  expect(heads([1, 2])).toEqual([2])
  expect(() => heads(7)).toThrow(
    /^Attention over 64 channels cannot have 7 heads\. State .* as in \{"heads": \{"unet": 8\}\}\.$/,
  )
})
