import { readFileSync } from 'node:fs'
import { truncate, writeFile } from 'node:fs/promises'
import { gunzipSync } from 'node:zlib'

const fixture = new URL('../../../../packages/checkpoints/fixtures/names.json.gz', import.meta.url)
const { families } = JSON.parse(gunzipSync(readFileSync(fixture)).toString()) as {
  families: Record<string, { stored: Record<string, number[]> }>
}

/** Names and shapes of a small checkpoint, as diffusers takes them. */
export function checkpointShapes(family: string, without?: RegExp): Record<string, number[]> {
  const stored = Object.entries(families[family]?.stored ?? {}).filter(([name]) => !without?.test(name))
  return Object.fromEntries(stored)
}

/** Writes a safetensors file of float16 zeros. */
export async function writeZeros(path: string, shapes: Record<string, number[]>): Promise<void> {
  let place = 0
  const header = Object.entries(shapes).map(([name, shape]) => {
    const begin = place
    place += shape.reduce((product, dim) => product * dim, 2)
    return [name, { dtype: 'F16', shape, data_offsets: [begin, place] }]
  })
  const text = Buffer.from(JSON.stringify(Object.fromEntries(header)))
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(text.length))
  await writeFile(path, Buffer.concat([length, text]))
  await truncate(path, 8 + text.length + place)
}
