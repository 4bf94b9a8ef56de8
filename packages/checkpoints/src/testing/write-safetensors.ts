import { writeFile } from 'node:fs/promises'
import type { Dtype } from '../weights.ts'

/** A tensor that is to be written: its bytes, or random small numbers of its shape. */
export interface Stored {
  dtype: Dtype
  shape: readonly number[]
  data?: Uint8Array
}

const widths: Partial<Record<Dtype, number>> = { F64: 8, I64: 8, F32: 4, I32: 4, F16: 2, BF16: 2 }

/** The bytes of a safetensors file, written as its own library does: largest formats first, the header padded to 8 bytes. */
export function safetensorsBytes(tensors: Iterable<[string, Stored]>, metadata?: Record<string, string>): Buffer {
  const width = ({ dtype }: Stored) => widths[dtype] ?? 1
  const inOrder = [...tensors].sort(([, a], [, b]) => width(b) - width(a))
  const header: Record<string, unknown> = metadata ? { __metadata__: metadata } : {}
  const chunks: Uint8Array[] = []
  let place = 0
  for (const [name, tensor] of inOrder) {
    const count = tensor.shape.reduce((product, dim) => product * dim, 1)
    const data = tensor.data ?? randomNumbers(tensor.dtype, count)
    header[name] = { dtype: tensor.dtype, shape: tensor.shape, data_offsets: [place, place + data.length] }
    place += data.length
    chunks.push(data)
  }
  return Buffer.concat([headBytes(JSON.stringify(header)), ...chunks])
}

/** Length and text of a header, padded with spaces. */
export function headBytes(json: string): Buffer {
  const text = Buffer.from(json)
  const padded = Buffer.concat([text, Buffer.alloc((8 - (text.length % 8)) % 8, ' ')])
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(padded.length))
  return Buffer.concat([length, padded])
}

export async function writeSafetensors(
  path: string,
  tensors: Iterable<[string, Stored]>,
  metadata?: Record<string, string>,
): Promise<void> {
  await writeFile(path, safetensorsBytes(tensors, metadata))
}

let state = 1

/** About −0.2 … 0.2, the same in each run. */
function randomNumbers(dtype: Dtype, count: number): Uint8Array {
  const values = Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return (state / 2 ** 32 - 0.5) * 0.4
  })
  if (dtype === 'F32') return new Uint8Array(values.buffer)
  if (dtype === 'F16') return new Uint8Array(Float16Array.from(values).buffer)
  const words = new Uint32Array(values.buffer)
  if (dtype === 'BF16') return new Uint8Array(Uint16Array.from(words, (word) => word >>> 16).buffer)
  return new Uint8Array(count * (widths[dtype] ?? 1))
}
