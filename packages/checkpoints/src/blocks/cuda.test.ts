import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Tensor } from 'onnxruntime-node'
import { afterAll, expect, it } from 'vitest'
import type { ComputeType } from '../graph/element-types.ts'
import type { Graph } from '../graph/graph.ts'
import { graphWriter } from '../graph/graph-writer.ts'
import { relativeDifference, runGraph, type Shapes, writeWeights } from '../testing/networks.ts'
import { inputNumbers } from '../testing/numbers.ts'
import { plainOperators } from '../testing/plain-operators.ts'
import type { Weights } from '../weights.ts'
import { cudaLayers } from './cuda.ts'
import { fuseNorms } from './fuse-norms.ts'
import type { Layers } from './layers.ts'
import { portableLayers } from './portable.ts'
import { transformer } from './transformer.ts'

const dir = mkdtempSync(join(tmpdir(), 'pentimento-cuda-'))
afterAll(() => rmSync(dir, { recursive: true }))

/** The narrowest width that every operator of CUDA's is made for. */
const channels = 320
const context = 16

/** Two transformer blocks between two residual ones. */
function shapes(): Shapes {
  const norm = (name: string) => ({ [`${name}.weight`]: [channels], [`${name}.bias`]: [channels] })
  const layer = (name: string, shape: number[]) => ({ [`${name}.weight`]: shape, [`${name}.bias`]: [shape[0] ?? 0] })
  const block = (name: string) => ({
    ...norm(`${name}.norm1`),
    ...norm(`${name}.norm2`),
    ...norm(`${name}.norm3`),
    ...Object.fromEntries(
      ['attn1', 'attn2'].flatMap((which) =>
        ['to_q', 'to_k', 'to_v'].map((of) => {
          const width = which === 'attn2' && of !== 'to_q' ? context : channels
          return [`${name}.${which}.${of}.weight`, [channels, width]]
        }),
      ),
    ),
    ...layer(`${name}.attn1.to_out.0`, [channels, channels]),
    ...layer(`${name}.attn2.to_out.0`, [channels, channels]),
    ...layer(`${name}.ff.net.0.proj`, [8 * channels, channels]),
    ...layer(`${name}.ff.net.2`, [channels, 4 * channels]),
  })
  return {
    ...norm('it.norm'),
    ...layer('it.proj_in', [channels, channels, 1, 1]),
    ...layer('it.proj_out', [channels, channels, 1, 1]),
    ...block('it.transformer_blocks.0'),
    ...block('it.transformer_blocks.1'),
    ...norm('out'),
  }
}

function network(
  weights: Weights,
  type: ComputeType,
  layersFor: (writer: ReturnType<typeof graphWriter>) => Layers,
): Graph {
  const writer = graphWriter(weights, 'unet', type)
  const layers = layersFor(writer)
  const image = layers.fromPlanar(writer.input('sample', 'float32', [1, channels, 'height', 'width']))
  const text = writer.narrow(writer.input('context', 'float32', [1, 'tokens', context]))
  const seen = transformer(layers, image, text, { name: 'it', channels, heads: 8, depth: 2, isLinear: false })
  const out = layers.groupNorm(seen, 'out', { epsilon: 1e-5, silu: true })
  writer.output('out', layers.toPlanar(layers.add(out, seen)), 'float32', [1, channels, 'height', 'width'])
  return writer.finish()
}

it('computes at the widths of Stable Diffusion what plain operators compute, in as few', async () => {
  const weights = await writeWeights(join(dir, 'weights.bin'), shapes())
  const feeds = {
    sample: new Tensor('float32', inputNumbers([1, channels, 3, 4], 1), [1, channels, 3, 4]),
    context: new Tensor('float32', inputNumbers([1, 5, context], 2), [1, 5, context]),
  }
  const plain = network(weights, 'float32', (writer) => portableLayers(writer, { fused: true }))
  const { out: expected } = await runGraph(plain, feeds)
  const cuda = (type: ComputeType, wideAttention = false) =>
    fuseNorms(network(weights, type, (writer) => cudaLayers(writer, { wideAttention })))
  for (const [graph, limit] of [
    [cuda('float32'), 1e-5],
    [cuda('float16'), 5e-3],
    [cuda('float16', true), 5e-3],
  ] as const) {
    const { out } = await runGraph(plainOperators(graph), feeds)
    expect(relativeDifference(out, expected ?? new Float32Array())).toBeLessThan(limit)
  }
  const counts: Record<string, number> = {}
  for (const { type } of cuda('float16').nodes) counts[type] = (counts[type] ?? 0) + 1
  // Those that touch the numbers; Shape, Reshape and casts of weights do not.
  expect(counts).toMatchObject({
    'com.microsoft.GroupNorm': 1,
    'com.microsoft.SkipGroupNorm': 1,
    LayerNormalization: 1,
    'com.microsoft.SkipLayerNormalization': 5,
    'com.microsoft.MultiHeadAttention': 4,
    'com.microsoft.BiasSplitGelu': 2,
    'com.microsoft.BiasAdd': 1,
    'com.microsoft.FusedMatMul': 22,
    // Of proj_in's bias, and of the last sum.
    Add: 2,
    Transpose: 2,
  })
})
