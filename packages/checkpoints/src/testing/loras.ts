import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { gunzipSync } from 'node:zlib'
import { encode, uniform } from './numbers.ts'
import { headBytes } from './write-safetensors.ts'

/** Shape, seed, scale and centre: the numbers are made alike in Python. */
export type MadeTensor = [shape: number[], seed: number, scale: number, centre: number]

interface LoraCase {
  unet?: string
  text?: string
  strength: number
  tensors: Record<string, MadeTensor>
  metadata?: Record<string, string>
  /** Base64 of float32. */
  output: string
}

/** What torch computes with LoRAs of every family (tools/checkpoints/make_loras.py). */
export const loraCases: Record<string, LoraCase> = JSON.parse(
  gunzipSync(readFileSync(new URL('../../fixtures/loras.json.gz', import.meta.url))).toString(),
)

/** Writes the file that a case's LoRA would have. @param rename of its tensors */
export async function writeLora(
  path: string,
  { tensors, metadata }: Pick<LoraCase, 'tensors' | 'metadata'>,
  dtype: 'F32' | 'F16' = 'F32',
  rename: (name: string) => string = (name) => name,
): Promise<void> {
  const renamed = Object.entries(tensors).map(([name, made]) => [rename(name), made] as const)
  await writeFile(path, madeFile(Object.fromEntries(renamed), { dtype, metadata }))
}

/** A safetensors file of such tensors. */
export function madeFile(
  tensors: Record<string, MadeTensor>,
  { dtype = 'F32', metadata }: { dtype?: 'F32' | 'F16'; metadata?: Record<string, string> | undefined } = {},
): Buffer {
  const header: Record<string, unknown> = metadata ? { __metadata__: metadata } : {}
  const chunks: Uint8Array[] = []
  let place = 0
  for (const [name, [shape, seed, scale, centre]] of Object.entries(tensors)) {
    const count = shape.reduce((product, dim) => product * dim, 1)
    const bytes = encode(uniform(seed, count, scale, centre), dtype)
    header[name] = { dtype, shape, data_offsets: [place, place + bytes.length] }
    place += bytes.length
    chunks.push(bytes)
  }
  return Buffer.concat([headBytes(JSON.stringify(header)), ...chunks])
}
