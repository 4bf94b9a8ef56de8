import { mkdtempSync, rmSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Tensor } from 'onnxruntime-node'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { cudaLayers } from '../blocks/cuda.ts'
import { fuseNorms } from '../blocks/fuse-norms.ts'
import type { Layers } from '../blocks/layers.ts'
import { portableLayers } from '../blocks/portable.ts'
import type { ComputeType } from '../graph/element-types.ts'
import { type GraphWriter, graphWriter } from '../graph/graph-writer.ts'
import { relativeDifference, runGraph } from '../testing/networks.ts'
import { numberedFile } from '../testing/numbered-file.ts'
import { inputNumbers } from '../testing/numbers.ts'
import { plainOperators } from '../testing/plain-operators.ts'
import { unionTensors } from '../testing/tiny-controls.ts'
import type { Weights } from '../weights.ts'
import { readControl } from './read-control.ts'
import { writeUnion } from './write-union.ts'

const dir = mkdtempSync(join(tmpdir(), 'pentimento-union-'))
afterAll(() => rmSync(dir, { recursive: true }))

const types = 6
let weights: Weights
let channels: number
beforeAll(async () => {
  const file = join(dir, 'union.safetensors')
  await writeFile(file, numberedFile(unionTensors('sd1', types)))
  weights = (await readControl(file)).weights
  channels = weights.get('conv_in.weight')?.shape[0] ?? 0
})

const portable = (writer: GraphWriter) => portableLayers(writer, { fused: true })
const cuda = (writer: GraphWriter) => cudaLayers(writer, { wideAttention: false })

interface Row {
  seed: number
  type: number
}

/** What is added of each row, to what was read of its picture and to what residual blocks are told. */
async function run(
  rows: readonly Row[],
  layersFor: (writer: GraphWriter) => Layers = portable,
  as: ComputeType = 'float32',
) {
  const writer = graphWriter(weights, 'ControlNet', as)
  const layers = layersFor(writer)
  const seen = layers.fromPlanar(writer.input('seen', 'float32', ['rows', channels, 'height', 'width']))
  const type = writer.input('type', 'float32', ['rows', types])
  const { shift, time } = writeUnion(layers, weights, { type, types, seen })
  writer.output('shift', writer.widen(shift), 'float32', ['rows', channels])
  writer.output('time', writer.widen(time), 'float32', ['rows', channels * 4])
  const numbers = rows.flatMap(({ seed }) => [...inputNumbers([channels, 5, 7], seed)])
  const flags = rows.flatMap((row) => Array.from({ length: types }, (_, i) => Number(i === row.type)))
  return runGraph(plainOperators(fuseNorms(writer.finish())), {
    seen: new Tensor('float32', Float32Array.from(numbers), [rows.length, channels, 5, 7]),
    type: new Tensor('float32', Float32Array.from(flags), [rows.length, types]),
  })
}

it('is another for another kind of picture, and each row of a batch is as it is alone', async () => {
  const rows = [
    { seed: 1, type: 1 },
    { seed: 2, type: 4 },
  ]
  const both = await run(rows)
  for (const [i, row] of rows.entries()) {
    const alone = await run([row])
    const others = [await run([{ ...row, type: 2 }]), await run([{ ...row, seed: 3 }])]
    for (const [name, values] of Object.entries(alone)) {
      const own = both[name]?.slice(i * values.length, (i + 1) * values.length)
      expect(relativeDifference(own, values)).toBeLessThan(1e-6)
      expect(relativeDifference(own, others[0]?.[name] ?? values)).toBeGreaterThan(0.01)
    }
    expect(relativeDifference(alone.shift, others[1]?.shift ?? new Float32Array())).toBeGreaterThan(0.01)
    expect(alone.time).toEqual(others[1]?.time)
  }
})

it.each([
  ['float32', 1e-5],
  ['float16', 5e-3],
] as const)('computes the same in the operators of CUDA, in %s', async (type, limit) => {
  const row = { seed: 3, type: 0 }
  const [expected, found] = [await run([row]), await run([row], cuda, type)]
  for (const [name, values] of Object.entries(expected))
    expect(relativeDifference(found[name], values)).toBeLessThan(limit)
})
