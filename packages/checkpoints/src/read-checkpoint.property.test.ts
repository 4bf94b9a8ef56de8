import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Checkpoint } from './checkpoint.ts'
import { CheckpointError } from './errors.ts'
import { writeGraph } from './graphs.ts'
import { readCheckpoint } from './read-checkpoint.ts'
import { ldmTensors } from './testing/tiny-checkpoints.ts'
import { headBytes } from './testing/write-safetensors.ts'

/** The header of a small checkpoint, whose weights are zeros. */
function header(): { json: Record<string, unknown>; bytes: number } {
  const json: Record<string, unknown> = {}
  let bytes = 0
  for (const [name, { shape }] of ldmTensors('sd1-inpaint')) {
    const length = 4 * shape.reduce((product, dim) => product * dim, 1)
    json[name] = { dtype: name.endsWith('position_ids') ? 'I32' : 'F32', shape, data_offsets: [bytes, bytes + length] }
    bytes += length
  }
  return { json, bytes }
}

const { json, bytes } = header()
const names = Object.keys(json)
const member = (name: string, entry: unknown) => `${JSON.stringify(name)}:${JSON.stringify(entry)}`
/** Most of them stay as they are in every header. */
const members = new Map(Object.entries(json).map(([name, entry]) => [entry, member(name, entry)]))
const anyNumber = fc.oneof(fc.integer(), fc.double(), fc.constantFrom(0, -1, 2 ** 53, 1e308))
const badEntry = fc.oneof(
  fc.jsonValue(),
  fc.record({
    dtype: fc.constantFrom('F32', 'F16', 'BF16', 'I64', 'F8_E4M3', '__proto__', 'U8'),
    shape: fc.array(anyNumber),
    data_offsets: fc.array(anyNumber),
  }),
)
const badName = fc.oneof(
  fc.string(),
  fc.constantFrom(
    '__proto__',
    'constructor',
    '',
    '../../etc/passwd',
    'model.diffusion_model.input_blocks.99999999999999999999.0.op.weight',
  ),
  fc.constantFrom(...names).map((name) => name.replace(/\d+/, '4294967296')),
  fc.constantFrom(...names).map((name) => name.replace('0', '')),
)

/** One way to spoil a header: a member renamed, replaced, taken away, added, or bytes of the text changed. */
const mutation = fc.oneof(
  fc.record({ kind: fc.constant('rename' as const), name: fc.constantFrom(...names), to: badName }),
  fc.record({ kind: fc.constant('replace' as const), name: fc.constantFrom(...names), entry: badEntry }),
  fc.record({ kind: fc.constant('reshape' as const), name: fc.constantFrom(...names) }),
  fc.record({ kind: fc.constant('remove' as const), name: fc.constantFrom(...names) }),
  fc.record({ kind: fc.constant('add' as const), name: badName, entry: badEntry }),
  fc.record({
    kind: fc.constant('bytes' as const),
    at: fc.nat(),
    bytes: fc.uint8Array({ minLength: 1, maxLength: 9 }),
  }),
)

type Mutations = (typeof mutation extends fc.Arbitrary<infer T> ? T : never)[]

function mutate(changes: Mutations): Buffer {
  const entries = new Map(Object.entries(json))
  for (const change of changes) {
    if (change.kind === 'rename') entries.set(change.to, entries.get(change.name))
    if (change.kind === 'rename' || change.kind === 'remove') entries.delete(change.name)
    if (change.kind === 'replace' || change.kind === 'add') entries.set(change.name, change.entry)
    if (change.kind !== 'reshape') continue
    const entry = entries.get(change.name) as { shape: number[] } | undefined
    // As many numbers in another shape: what lies in the file fits, what the network needs does not.
    if (Array.isArray(entry?.shape))
      entries.set(change.name, { ...entry, shape: [entry.shape.reduce((a, b) => a * b, 1), 1] })
  }
  const written = [...entries].filter(([, entry]) => entry !== undefined)
  const texts = written.map(([name, entry]) => (entry === json[name] && members.get(entry)) || member(name, entry))
  const head = headBytes(`{${texts}}`)
  for (const change of changes) if (change.kind === 'bytes') head.set(change.bytes, change.at % (head.length - 9))
  return head
}

it('answers 1,000 spoiled headers and names with a sentence, or a description and a graph, and keeps nothing of them', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'pentimento-mutated-'))
  const file = join(dir, 'model.safetensors')
  let [read, refused] = [0, 0]
  let before = 0
  try {
    await fc.assert(
      fc.asyncProperty(fc.array(mutation, { minLength: 1, maxLength: 3 }), async (changes) => {
        const head = mutate(changes)
        await writeFile(file, head)
        await truncate(file, head.length + bytes)
        const found = await described(file, graphs[(read + refused) % graphs.length] ?? 'unet').catch((error) => {
          expect(error).toBeInstanceOf(CheckpointError)
          expect(error.message).toMatch(/^[A-Z].*\.$/)
          expect(error.message.length).toBeLessThan(1000)
          return null
        })
        if (found) read++
        else refused++
        if (read + refused === 100) before = memory()
      }),
      { numRuns: 1000 },
    )
    expect(refused).toBeGreaterThan(100)
    expect(memory() - before).toBeLessThan(30e6)
  } finally {
    await rm(dir, { recursive: true })
  }
}, 180_000)

const graphs = ['unet', 'vae_encoder', 'vae_decoder', 'text_encoder'] as const

/** Reads a file, and writes one of its graphs unless that part is missing. */
async function described(path: string, graph: (typeof graphs)[number]): Promise<Checkpoint> {
  const checkpoint = await readCheckpoint(path)
  if (checkpoint.missing.length === 0) writeGraph(checkpoint, graph, 'cpu')
  return checkpoint
}

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

/** What is in use when all that is not has been let go. */
function memory(): number {
  collect()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}
