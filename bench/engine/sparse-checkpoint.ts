import { readFileSync } from 'node:fs'
import { truncate, writeFile } from 'node:fs/promises'
import { gunzipSync } from 'node:zlib'

const names = new URL('../../packages/checkpoints/fixtures/names.json.gz', import.meta.url)

/**
 * A checkpoint of SD 1.5's widths whose weights are a hole in the file: everything about it can be read but the
 * numbers.
 */
export async function writeSparseCheckpoint(path: string): Promise<void> {
  const { families } = JSON.parse(gunzipSync(readFileSync(names)).toString())
  let place = 0
  const header = Object.entries<number[]>(families.sd1.stored).map(([name, narrow]) => {
    const shape = narrow.map((size, dim) => widened(name, size, dim))
    const begin = place
    place += shape.reduce((product, size) => product * size, 2)
    return [name, { dtype: 'F16', shape, data_offsets: [begin, place] }]
  })
  const text = Buffer.from(JSON.stringify(Object.fromEntries(header)))
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(text.length))
  await writeFile(path, Buffer.concat([length, text]))
  await truncate(path, 8 + text.length + place)
}

/** The recorded names are those of a model a tenth as wide, whose text encoder gives 48 numbers a token. */
function widened(name: string, size: number, dim: number): number {
  if (name.startsWith('cond_stage_model')) return { 48: 768, 192: 3072, 600: 49_408 }[size] ?? size
  if (!name.startsWith('model.diffusion_model')) return size
  if (/attn2\.to_[kv]\.weight$/.test(name) && dim === 1) return 768
  return size > 9 ? size * 10 : size
}
