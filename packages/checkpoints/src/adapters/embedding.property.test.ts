import { mkdtempSync, rmSync } from 'node:fs'
import { truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, expect, it } from 'vitest'
import { CheckpointError } from '../errors.ts'
import { headBytes } from '../testing/write-safetensors.ts'
import { type Embedding, fitEmbedding, readEmbedding, readFloats } from './embedding.ts'
import { readLora } from './lora.ts'

const dir = mkdtempSync(join(tmpdir(), 'pentimento-embeddings-'))
afterAll(() => rmSync(dir, { recursive: true }))

const widths: Record<string, number> = { F64: 8, F32: 4, F16: 2, BF16: 2, F8_E4M3: 1, I64: 8, U8: 1 }
const name = fc.constantFrom('emb_params', 'string_to_param.*', 'clip_l', 'clip_g', '<word>', 'word', 'a.b', '')
const dim = fc.constantFrom(0, 1, 2, 5, 48, 75, 76, 80, 2 ** 31)
const shape: fc.Arbitrary<number[]> = fc.oneof(
  fc.tuple(fc.constantFrom(1, 2, 75), fc.constantFrom(48, 80)),
  fc.array(dim, { maxLength: 4 }),
)
const tensor = fc.record({
  dtype: fc.constantFrom('F32', 'F32', 'F16', 'BF16', ...Object.keys(widths)),
  shape,
})
const file = fc.dictionary(name, tensor, { minKeys: 1, maxKeys: 3 })
type Tensors = typeof file extends fc.Arbitrary<infer T> ? T : never

/** @returns null for one that no disk would hold */
async function written(tensors: Tensors): Promise<string | null> {
  let bytes = 0
  const header = Object.entries(tensors).map(([key, { dtype, shape: dims }]) => {
    const begin = bytes
    bytes += dims.reduce((product, size) => product * size, widths[dtype] ?? 1)
    return [key, { dtype, shape: dims, data_offsets: [begin, bytes] }]
  })
  if (bytes > 2 ** 30) return null
  const head = headBytes(JSON.stringify(Object.fromEntries(header)))
  const path = join(dir, 'spoiled.safetensors')
  await writeFile(path, head)
  await truncate(path, head.length + bytes)
  return path
}

/** Reads it, and all its numbers for models of SD 1 and of XL. */
async function taken(read: () => Promise<readonly Embedding[]>): Promise<'taken' | 'refused'> {
  try {
    for (const embedding of await read()) {
      const encoders = 'only' in embedding.vectors ? { text_encoder: 48 } : { text_encoder: 48, text_encoder_2: 80 }
      for (const own of Object.values(fitEmbedding(embedding, encoders))) {
        expect((await readFloats(own)).length).toBe(embedding.count * (own.shape[1] ?? 0))
      }
    }
    return 'taken'
  } catch (error) {
    expect(error).toBeInstanceOf(CheckpointError)
    expect((error as Error).message).toMatch(/^[A-Z].*\.$/)
    return 'refused'
  }
}

it.each(['a file of its own', 'a LoRA'])(
  'answers 250 spoiled embeddings in %s with a sentence, or reads them',
  async (where) => {
    const counts = { taken: 0, refused: 0 }
    await fc.assert(
      fc.asyncProperty(file, async (tensors) => {
        const bundled = Object.entries(tensors).map(([key, one]) => [`bundle_emb.sks.${key}`, one])
        const lora = { 'lora_unet_x.lora_down.weight': { dtype: 'F32', shape: [1, 1] }, ...Object.fromEntries(bundled) }
        const path = await written(where === 'a LoRA' ? lora : tensors)
        if (path === null) return
        const read = async () =>
          where === 'a LoRA' ? [...(await readLora(path)).embeddings.values()] : [await readEmbedding(path)]
        counts[await taken(read)]++
      }),
      { numRuns: 250 },
    )
    expect(counts.taken).toBeGreaterThan(0)
    expect(counts.refused).toBeGreaterThan(10)
  },
)
