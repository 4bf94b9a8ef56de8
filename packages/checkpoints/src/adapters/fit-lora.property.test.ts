import { mkdtempSync, rmSync } from 'node:fs'
import { truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, expect, it } from 'vitest'
import { CheckpointError } from '../errors.ts'
import { graphWriter } from '../graph/graph-writer.ts'
import { loraCases } from '../testing/loras.ts'
import { networks, runGraph, writeWeights } from '../testing/networks.ts'
import { headBytes } from '../testing/write-safetensors.ts'
import { changesOf, fitLora, loraTarget } from './fit-lora.ts'
import { foldsOf } from './fold.ts'
import { foldingWriter } from './folding-writer.ts'
import { readLora } from './lora.ts'

const dir = mkdtempSync(join(tmpdir(), 'pentimento-adapters-'))
afterAll(() => rmSync(dir, { recursive: true }))

interface Entry {
  dtype: string
  shape: number[]
}
const widths: Record<string, number> = { F32: 4, F16: 2, BF16: 2, F8_E4M3: 1, I64: 8, U8: 1 }

/** Some layers of LoRAs of each kind: each layer has one kind. */
const labels = [
  'locon of cp',
  'loha with dora',
  'lokr',
  'lokr of cp',
  'lokr of both',
  'full',
  'norms',
  'dora by columns',
]
const layerOf = (name: string) => name.slice(0, name.indexOf('.'))
const seen = new Set<string>()
const entries: [string, Entry][] = labels.flatMap((label) => {
  const tensors = Object.entries(loraCases[label]?.tensors ?? {})
  const layers = new Set(
    tensors
      .map(([name]) => layerOf(name))
      .filter((layer) => !seen.has(layer))
      .slice(0, 8),
  )
  for (const layer of layers) seen.add(layer)
  const own = tensors.filter(([name]) => layers.has(layerOf(name)))
  return own.map(([name, [shape]]): [string, Entry] => [name, { dtype: 'F32', shape }])
})
const names = [...new Map(entries).keys()]

const anyName = fc.constantFrom(...names)
const anyDim = fc.constantFrom(0, 1, 2, 3, 4, 8, 32, 64, 2 ** 31)
const mutation = fc.oneof(
  fc.record({ kind: fc.constant('rename' as const), name: anyName, to: fc.oneof(anyName, fc.string()) }),
  fc.record({ kind: fc.constant('shape' as const), name: anyName, shape: fc.array(anyDim, { maxLength: 5 }) }),
  fc.record({ kind: fc.constant('dim' as const), name: anyName, at: fc.nat(3), dim: anyDim }),
  fc.record({ kind: fc.constant('turn' as const), name: anyName }),
  fc.record({ kind: fc.constant('dtype' as const), name: anyName, dtype: fc.constantFrom(...Object.keys(widths)) }),
  fc.record({ kind: fc.constant('remove' as const), name: anyName }),
)
type Mutation = typeof mutation extends fc.Arbitrary<infer T> ? T : never

function mutate(changes: readonly Mutation[]): { head: Buffer; bytes: number } {
  const all = new Map(entries)
  for (const change of changes) {
    const entry = all.get(change.name)
    if (!entry) continue
    if (change.kind === 'rename') all.set(change.to, entry)
    if (change.kind === 'rename' || change.kind === 'remove') all.delete(change.name)
    if (change.kind === 'shape') all.set(change.name, { ...entry, shape: change.shape })
    if (change.kind === 'turn') all.set(change.name, { ...entry, shape: entry.shape.toReversed() })
    if (change.kind === 'dtype') all.set(change.name, { ...entry, dtype: change.dtype })
    if (change.kind === 'dim') {
      const shape = entry.shape.map((dim, i) => (i === change.at % entry.shape.length ? change.dim : dim))
      all.set(change.name, { ...entry, shape })
    }
  }
  let bytes = 0
  const header = [...all].map(([name, { dtype, shape }]) => {
    const begin = bytes
    bytes += shape.reduce((product, dim) => product * dim, widths[dtype] ?? 1)
    return [name, { dtype, shape, data_offsets: [begin, bytes] }]
  })
  return { head: headBytes(JSON.stringify(Object.fromEntries(header))), bytes }
}

it('answers 500 spoiled LoRAs with a sentence, or with changes that onnxruntime can compute', async () => {
  const unet = await writeWeights(join(dir, 'unet.bin'), networks.unets['no-middle']?.shapes ?? {})
  const target = loraTarget({ family: { value: 'sd1', told: '' }, weights: { unet } })
  const file = join(dir, 'spoiled.safetensors')
  let [folded, refused] = [0, 0]
  await fc.assert(
    fc.asyncProperty(fc.array(mutation, { minLength: 1, maxLength: 3 }), async (changes) => {
      const { head, bytes } = mutate(changes)
      if (bytes > 2 ** 40) return
      await writeFile(file, head)
      await truncate(file, head.length + bytes)
      try {
        const fit = fitLora(await readLora(file), target)
        // The layers that were spoiled, and few others: each run would take seconds.
        const spoiled = changes.map(({ name }) => layerOf(name).replace('lora_unet_', ''))
        const own = changesOf([{ fit, strengths: { unet: 0.5, text: 0 } }]).unet ?? new Map()
        const some = [...own].filter(([name]) =>
          spoiled.includes(name.slice(0, name.lastIndexOf('.')).replaceAll('.', '_')),
        )
        const writer = foldingWriter(graphWriter(unet, 'unet'), foldsOf(unet, new Map(some)))
        for (const [name] of some)
          writer.output(`${name} changed`, writer.weight(name), 'float32', unet.get(name)?.shape ?? [])
        if (some.length > 0) await runGraph(writer.finish(), {})
        folded++
      } catch (error) {
        expect(error).toBeInstanceOf(CheckpointError)
        expect((error as Error).message).toMatch(/^[A-Z].*\.$/)
        expect((error as Error).message.length).toBeLessThan(1000)
        refused++
      }
    }),
    { numRuns: 500 },
  )
  expect(refused).toBeGreaterThan(100)
  expect(folded).toBeGreaterThan(10)
}, 60_000)
