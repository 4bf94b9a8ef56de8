import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'

const fixture = new URL('../../../checkpoints/fixtures/names.json.gz', import.meta.url)
const { families } = JSON.parse(gunzipSync(readFileSync(fixture)).toString()) as {
  families: Record<string, { stored: Record<string, number[]> }>
}

/**
 * A small checkpoint as a single safetensors file: names and shapes as diffusers takes them (tools/checkpoints), and random numbers that keep
 * values within bounds. Its pictures are noise. Text encoders have CLIP's own vocabulary.
 *
 * @param without names that are left out
 */
export function ldmFile(family: string, dtype: 'F32' | 'F16' = 'F32', without?: RegExp): Buffer {
  const header: Record<string, object> = {}
  const chunks: Uint8Array[] = []
  let place = 0
  for (const [name, stored] of Object.entries(families[family].stored)) {
    if (without?.test(name)) continue
    const shape = /token_embedding/.test(name) ? [49_408, stored[1]] : stored
    const numbers = randomNumbers(name, shape)
    const data = new Uint8Array((dtype === 'F16' ? Float16Array.from(numbers) : numbers).buffer)
    header[name] = { dtype, shape, data_offsets: [place, place + data.length] }
    place += data.length
    chunks.push(data)
  }
  const text = Buffer.from(JSON.stringify(header))
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(text.length))
  return Buffer.concat([length, text, ...chunks])
}

/** Norms about 1, biases about 0, and matrices that keep the size of what they multiply. */
function randomNumbers(name: string, shape: readonly number[]): Float32Array {
  const count = shape.reduce((product, dim) => product * dim, 1)
  const scale = shape.length < 2 ? 0.05 : Math.sqrt(3 / (count / shape[0]))
  const centre = shape.length === 1 && name.endsWith('weight') ? 1 : 0
  const numbers = new Float32Array(count)
  let state = name.length
  for (let i = 0; i < count; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    numbers[i] = centre + (state / 2 ** 31 - 1) * scale
  }
  return numbers
}
