import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { gunzipSync } from 'node:zlib'
import * as ort from 'onnxruntime-node'
import type { Graph } from '../graph/graph.ts'
import { modelBytes } from '../graph/model-bytes.ts'
import { type LoadMode, sessionOptions } from '../session-options.ts'
import type { Dtype, Tensor, Weights } from '../weights.ts'
import { encode, weightNumbers } from './numbers.ts'

export type Shapes = Record<string, number[]>

/** What torch computes with small networks (tools/checkpoints/make_networks.py). Outputs are base64 of float32. */
export interface Networks {
  tokens: number[][]
  unets: Record<string, { shapes: Shapes; output: [string, string] }>
  /** The first output of `no-middle` with its weights in other formats. */
  dtypes: Record<string, string>
  vae: { shapes: Shapes; latents: string; picture: string }
  texts: Record<string, { shapes: Shapes; last: string; states: string[]; pooled?: string }>
}

export const networks: Networks = JSON.parse(
  gunzipSync(readFileSync(new URL('../../fixtures/networks.json.gz', import.meta.url))).toString(),
)

/**
 * Writes the weights of such a network to a file.
 *
 * @param dtypes each weight takes the next one
 * @param alter changes single weights
 */
export async function writeWeights(file: string, shapes: Shapes, dtypes: readonly Dtype[] = ['F32']): Promise<Weights> {
  const weights = new Map<string, Tensor>()
  // Not where numbers of 4 bytes should begin.
  const chunks: Uint8Array[] = [Buffer.alloc(3)]
  let offset = 3
  Object.entries(shapes).forEach(([name, shape], seed) => {
    const dtype = dtypes[seed % dtypes.length] ?? 'F32'
    const bytes = encode(weightNumbers(name, shape, seed), dtype)
    weights.set(name, { file, dtype, shape, offset, length: bytes.length })
    chunks.push(bytes)
    offset += bytes.length
  })
  await writeFile(file, Buffer.concat(chunks))
  return weights
}

/** Runs a graph once. */
export async function runGraph(
  graph: Graph,
  feeds: Record<string, ort.Tensor>,
  mode: LoadMode = 'fast',
): Promise<Record<string, Float32Array>> {
  const { bytes, folder } = modelBytes(graph)
  const session = await ort.InferenceSession.create(bytes, {
    ...sessionOptions(folder, mode),
    executionProviders: ['cpu'],
    intraOpNumThreads: 1,
    logSeverityLevel: 3,
  })
  try {
    const results = await session.run(feeds)
    return Object.fromEntries(Object.entries(results).map(([name, { data }]) => [name, data as Float32Array]))
  } finally {
    await session.release()
  }
}

/** What a text encoder takes for rows of 77 tokens: no word has vectors of its own. */
export function textFeeds(ids: BigInt64Array, width: number): Record<string, ort.Tensor> {
  const rows = ids.length / 77
  return {
    input_ids: new ort.Tensor('int64', ids, [rows, 77]),
    override_embeds: new ort.Tensor('float32', new Float32Array(ids.length * width), [rows, 77, width]),
    override_mask: new ort.Tensor('float32', new Float32Array(ids.length), [rows, 77, 1]),
  }
}

export function decoded(base64: string): Float32Array {
  return new Float32Array(new Uint8Array(Buffer.from(base64, 'base64')).buffer)
}

/** The largest difference, as a part of the largest number that is expected. */
export function relativeDifference(found: Float32Array | undefined, expected: Float32Array): number {
  if (found?.length !== expected.length) return Number.POSITIVE_INFINITY
  const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  const difference = found.reduce((most, value, i) => {
    const distance = Math.abs(value - (expected[i] ?? Number.NaN))
    return Math.max(distance, most)
  }, 0)
  return difference / largest
}
